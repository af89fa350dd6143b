/** The words of the view of one office, which is fetched when somebody opens it. */
import { addWords } from '@/words'
import words from '@/words/zh-CN/office.json'

addWords('office', words, () => import('@/words/en/office.json'))
