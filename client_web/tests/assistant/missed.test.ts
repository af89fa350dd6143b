import { expect, test } from 'vitest'
import { revivable, reviveMinutes } from '@/assistant/missed'
import { placeInWords, waitInWords } from '@/assistant/wait'
import type { Wait } from '@/wire/models'
import { ago, NOW, ticket } from '../supervisor/rows'

const missed = (id: string, seconds: number, revived = false) => ticket(id, { state: 'missed', endedAt: ago(seconds), revived })
const words = { t: (key: string, named?: Record<string, unknown>) => [key.replace('assistant.', ''), named?.n].filter((one) => one !== undefined).join(' ') }
const wait = (over: Partial<Wait>): Wait => ({ ahead: 3, fewerThan: null, outlook: 'today', lowMin: 12, highMin: 20, atLeast: false, ...over })

test('a missed ticket may go back for thirty minutes, once', () => {
  expect([0, 61, 29 * 60 + 1, 30 * 60].map((seconds) => reviveMinutes(missed('a', seconds), NOW))).toEqual([30, 29, 1, 0])
  expect(reviveMinutes(missed('a', 0, true), NOW)).toBe(0)
  expect(reviveMinutes(ticket('a'), NOW)).toBe(0)
})
test('the newest missed one is first, too late ones are gone', () => {
  expect(revivable([missed('old', 3000), missed('a', 600), missed('b', 60)], NOW).map((row) => row.id)).toEqual(['b', 'a'])
})
test('the wait is said as a range, as at least, or as not today', () => {
  expect(waitInWords(wait({}), words)).toBe('wait.range 12–20')
  expect(waitInWords(wait({ highMin: 12 }), words)).toBe('wait.range 12')
  expect(waitInWords(wait({ atLeast: true }), words)).toBe('wait.atLeast 12')
  expect(waitInWords(wait({ outlook: 'nobody_on_duty' }), words)).toBe('wait.nobody_on_duty')
})
test('in privacy the place is said as fewer than', () => {
  expect(placeInWords(wait({}), words)).toBe('visit.ahead 3')
  expect(placeInWords(wait({ ahead: 0 }), words)).toBe('visit.nextUp')
  expect(placeInWords(wait({ ahead: null, fewerThan: 5 }), words)).toBe('visit.fewerThan 5')
})
