import { effectScope, nextTick, ref } from 'vue'
import { expect, test } from 'vitest'
import { useHall } from '@/hall/useHall'
import { HandClock, HandLine, settle } from './world'

const ticket = (id: string, state: string, calls = 0) => ({ id, number: id, state, calls, calledAt: '2026' })

test('who is called first stands first, and who is not here does not wait', async () => {
  const clock = new HandClock()
  const row = (id: string, state: string, lane: string, since: string, appointedAt: string | null = null) => ({ id, number: id, state, lane, since, appointedAt, calls: 0, calledAt: null })
  const tickets = [
    row('later', 'waiting', 'ordinary', '2'), row('earlier', 'waiting', 'priority', '1'), row('due', 'waiting', 'due', '3', '3'), row('back', 'waiting', 'resuming', '4'),
    row('parked', 'parked', 'ordinary', '0'), row('off', 'interrupted', 'resuming', '0'), row('ten', 'checked_in', 'due', '10', '10'), row('nine', 'checked_in', 'due', '09', '09'),
  ]
  const api = async (route: string) => (route === 'GET /api/device' ? { point: { id: 'p' } } : { subject: 'point:p', version: 1, at: '', tickets, kiosks: [] })
  const chime = { blocked: ref(false), unlock: async () => {}, ring: () => {}, melody: () => {} }
  const scope = effectScope()
  const hall = scope.run(() => useHall({ face: 'hall', api, line: new HandLine(), clock } as never, chime))!
  await settle()
  await nextTick()
  await settle()

  expect(hall.waiting.value.map((one) => one.id)).toEqual(['back', 'due', 'earlier', 'later'])
  expect(hall.early.value.map((one) => one.id)).toEqual(['nine', 'ten'])
  scope.stop()
})

test('every new call rings, a recall too, two at once one after the other', async () => {
  const clock = new HandClock()
  const line = new HandLine()
  const rung: number[] = []
  const api = async (route: string) =>
    route === 'GET /api/device' ? { point: { id: 'p' } } : { subject: 'point:p', version: 1, at: '', tickets: [ticket('old', 'calling', 1)], kiosks: [] }
  const chime = { blocked: ref(false), unlock: async () => {}, ring: () => rung.push(clock.now()), melody: () => {} }
  const scope = effectScope()
  const hall = scope.run(() => useHall({ face: 'hall', api, line, clock } as never, chime))!
  await settle()
  await nextTick()
  const say = async (version: number, ...tickets: object[]) => {
    line.say('fact', { subject: 'point:p', version, kind: 'x', at: '', shows: { tickets } })
    await nextTick()
    clock.turn(0)
  }

  expect(rung).toEqual([])
  await say(2, ticket('a', 'calling', 1), ticket('b', 'calling', 1))
  clock.turn(2200)
  await say(3, ticket('a', 'calling', 2))
  clock.turn(10_000)
  await say(4, ticket('a', 'connected', 2))
  clock.turn(10_000)

  expect(rung).toEqual([0, 2200, 4400])
  expect(hall.serving.value.map((one) => one.id)).toEqual(['a'])
  scope.stop()
})
