import { createApp } from 'vue'
import '@/design/base.css'
import { installWorld, openWorld } from '@/wire/world'
import { installWords } from '@/words'
import words from '@/words/zh-CN/assistant.json'
import AssistantFace from './AssistantFace.vue'

const app = createApp(AssistantFace)
installWords(app, 'assistant', words, () => import('@/words/en/assistant.json'))
installWorld(app, openWorld('assistant'))
app.mount('#app')
