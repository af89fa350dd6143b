/** The words of 人手测算, fetched with it. */
import { addWords } from '@/words'
import words from '@/words/zh-CN/staffing.json'

addWords('staffing', words, () => import('@/words/en/staffing.json'))
