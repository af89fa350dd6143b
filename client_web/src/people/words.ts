/** The words of the staff's door, for every face that has one. */
import { addWords } from '@/words'
import words from '@/words/zh-CN/people.json'

addWords('people', words, () => import('@/words/en/people.json'))
