import { createApp } from 'vue'
import '@/design/base.css'
import './clerk.css'
import { installWorld, openWorld } from '@/wire/world'
import { installWords } from '@/words'
import words from '@/words/zh-CN/clerk.json'
import ClerkFace from './ClerkFace.vue'

const app = createApp(ClerkFace)
installWords(app, 'clerk', words, () => import('@/words/en/clerk.json'))
installWorld(app, openWorld('clerk'))
app.mount('#app')
