import { createApp } from 'vue'
import '@/design/base.css'
import { installWorld, openWorld } from '@/wire/world'
import { installWords } from '@/words'
import words from '@/words/zh-CN/door.json'
import KioskFace from './KioskFace.vue'

const app = createApp(KioskFace)
installWords(app, 'door', words, () => import('@/words/en/door.json'))
installWorld(app, openWorld('kiosk'))
app.mount('#app')
