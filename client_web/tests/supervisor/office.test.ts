import { effectScope, nextTick, ref } from 'vue'
import { describe, expect, test } from 'vitest'
import { minutesSince, queueOf } from '@/supervisor/office/queue'
import { AGAIN_MS, useWhy } from '@/supervisor/office/useWhy'
import { gapOf, isBlank, lacking } from '@/supervisor/staffing/staffing'
import { useStaffing } from '@/supervisor/staffing/useStaffing'
import { address, readView } from '@/supervisor/view'
import { Refused } from '@/wire/api'
import { HandClock, settle } from '../world'
import { NOW, ago, ticket } from './rows'

describe('the queue', () => {
  test('stands by lane as the rule looks at them, each first come first served', () => {
    const tickets = [
      ticket('o2', { since: ago(10) }), ticket('o1', { since: ago(20) }), ticket('p', { lane: 'priority', since: ago(5) }),
      ticket('d', { lane: 'due', since: ago(1) }), ticket('r', { lane: 'resuming', since: ago(2) }),
    ]

    expect(queueOf(tickets)).toMatchObject([{ group: 'waiting', tickets: ['r', 'd', 'p', 'o1', 'o2'].map((id) => ({ id })) }])
  })
  test('who is not called for now stands apart, who is in a call stands with the windows', () => {
    const tickets = (['parked', 'connected', 'waiting', 'checked_in', 'calling', 'interrupted'] as const).map((state) => ticket(state, { state }))

    expect(queueOf(tickets).map(({ group, tickets: rows }) => [group, rows.map(({ id }) => id)])).toEqual([
      ['called', ['calling']], ['waiting', ['waiting']], ['away', ['parked', 'checked_in', 'interrupted']],
    ])
  })
  test('an appointment that is due a little early has waited no minutes', () => {
    expect([minutesSince(ago(119), NOW), minutesSince(ago(-300), NOW)]).toEqual([1, 0])
  })
})

test('the address says which office is shown, and which part of it', () => {
  expect(readView('')).toEqual({ office: null, part: 'queue' })
  expect(readView(address('pinghu-estate'))).toEqual({ office: 'pinghu-estate', part: 'queue' })
  expect(readView(address('a/b #', 'staffing'))).toEqual({ office: 'a/b #', part: 'staffing' })
  expect(readView('#x/other').part).toBe('queue')
})

describe('why a ticket stands where it stands', () => {
  test('is asked at once, and again when the line has moved, at most every few seconds', async () => {
    const clock = new HandClock()
    const version = ref(1)
    let asked = 0
    const scope = effectScope()
    const { why } = scope.run(() => useWhy({ api: (async () => ({ ahead: (asked += 1) })) as never, clock }, 't', () => version.value))!
    await settle()
    expect(why.value).toEqual({ ahead: 1 })

    for (let i = 0; i < 5; i++) {
      version.value += 1
      await nextTick()
    }
    clock.turn(AGAIN_MS)
    await settle()

    expect(why.value).toEqual({ ahead: 2 })
    scope.stop()
    version.value += 1
    clock.turn(AGAIN_MS)
    expect(asked).toBe(2)
  })
})

describe('how many are needed', () => {
  const hour = (h: number, byPlay: number | null) => ({ hour: h, byPlay })
  const day = [hour(9, 3), hour(10, 3), hour(11, null), hour(14, 4)]

  test('the difference is taken from the play of the real rule, and is unknown where history says too little', () => {
    expect([gapOf(hour(10, 3), 2), gapOf(hour(11, 1), 2), gapOf(hour(12, null), 2)]).toEqual([1, -1, null])
    expect([isBlank([hour(8, null)]), isBlank([]), isBlank(day)]).toEqual([true, true, false])
  })
  test('what is lacking is told for the hours to come, in the evening for the next day', () => {
    expect(lacking(day, 2, 10)).toEqual([{ hour: 10, n: 1 }, { hour: 14, n: 2 }])
    expect(lacking(day, 3, 20)).toEqual([{ hour: 14, n: 1 }])
    expect(lacking(day, 4, 9)).toEqual([])
  })
  test('a newer question makes the answer to the older one void', async () => {
    const within = ref(5)
    const answers = new Map<string, (answer: unknown) => void>()
    const api = (_: string, call: { query: { within: number } }) => new Promise((kept) => answers.set(String(call.query.within), kept))
    const scope = effectScope()
    const { answer, busy } = scope.run(() => useStaffing({ api: api as never }, 'o', within))!
    within.value = 10
    await nextTick()
    answers.get('10')!({ withinMin: 10 })
    await settle()
    answers.get('5')!({ withinMin: 5 })
    await settle()

    expect([answer.value, busy.value]).toEqual([{ withinMin: 10 }, false])
    scope.stop()
  })
  test('a refusal is told in the words of the house, silence as none', async () => {
    const scope = effectScope()
    const ask = async (why: unknown) => {
      const { problem } = scope.run(() => useStaffing({ api: (() => Promise.reject(why)) as never }, 'o', ref(5)))!
      await settle()
      return problem.value
    }

    expect(await ask(new Refused(409, { text: 'too little' }))).toBe('too little')
    expect(await ask(new Error('lost'))).toBe('')
    scope.stop()
  })
})
