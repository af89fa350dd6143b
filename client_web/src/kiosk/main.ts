import { createApp } from 'vue'
import '@/design/base.css'
import { installWorld, openWorld } from '@/wire/world'
import { installWords } from '@/words'
import words from '@/words/zh-CN/kiosk.json'
import KioskFace from './KioskFace.vue'

const app = createApp(KioskFace)
installWords(app, 'kiosk', words, () => import('@/words/en/kiosk.json'))
installWorld(app, openWorld('kiosk'))
app.mount('#app')
