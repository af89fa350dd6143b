import { createApp } from 'vue'
import '@/design/base.css'
import './supervisor.css'
import { installWorld, openWorld } from '@/wire/world'
import { installWords } from '@/words'
import words from '@/words/zh-CN/supervisor.json'
import SupervisorFace from './SupervisorFace.vue'

const app = createApp(SupervisorFace)
installWords(app, 'supervisor', words, () => import('@/words/en/supervisor.json'))
installWorld(app, openWorld('supervisor'))
app.mount('#app')
