import { effectScope, nextTick, ref } from 'vue'
import { expect, test } from 'vitest'
import { useHall } from '@/hall/useHall'
import { HandClock, HandLine, settle } from './world'

const ticket = (id: string, state: string, calls = 0) => ({ id, number: id, state, calls, calledAt: '2026' })

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
