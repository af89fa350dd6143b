import { createApp } from 'vue'
import '@/design/base.css'
import { installWords } from '@/words'
import words from '@/words/zh-CN/front.json'
import FrontPage from './FrontPage.vue'

const app = createApp(FrontPage)
installWords(app, 'front', words, () => import('@/words/en/front.json'))
app.mount('#app')
