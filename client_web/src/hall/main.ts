import { createApp } from 'vue'
import '@/design/base.css'
import { installWorld, openWorld } from '@/wire/world'
import { installWords } from '@/words'
import words from '@/words/zh-CN/hall.json'
import HallFace from './HallFace.vue'

const app = createApp(HallFace)
installWords(app, 'hall', words, () => import('@/words/en/hall.json'))
installWorld(app, openWorld('hall'))
app.mount('#app')
