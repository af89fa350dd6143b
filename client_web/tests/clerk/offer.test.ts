import { effectScope, nextTick, ref, shallowRef } from 'vue'
import { expect, test } from 'vitest'
import { secondsUntil, useOffer, useOfferBell } from '@/clerk/useOffer'
import { useBroken } from '@/clerk/useBroken'
import type { BoardSnapshot, WindowRow } from '@/wire/models'
import { HandClock } from '../world'
import { boardOf, ticketRow } from './visit'

const NOW = Date.parse('2026-11-23T02:00:00Z')
const row = (state: WindowRow['state'], over: Partial<WindowRow> = {}) =>
  ({ id: 'w1', state, since: 's1', dueAt: '2026-11-23T02:00:12Z', ticketId: 't1', ticketNumber: 'B001', languages: ['zh-CN'], ...over }) as WindowRow

function ringing() {
  const heard: string[] = []
  const clock = new HandClock()
  const window = shallowRef<WindowRow | null>(row('idle', { ticketId: null }))
  const board = shallowRef<BoardSnapshot | null>(boardOf([ticketRow()]))
  const scope = effectScope()
  const offer = scope.run(() => {
    const made = useOffer(window, board, ref(NOW))
    useOfferBell(made, clock, {
      begin: (number, ticket) => {
        heard.push(`${number} ${ticket?.matterName}`)
        return () => heard.push('away')
      },
      again: () => heard.push('again'),
    })
    return made
  })!
  return { heard, clock, window, offer, scope }
}

test('an offer rings at once and every four seconds, and falls silent when it is gone', async () => {
  const { heard, clock, window } = ringing()
  window.value = row('offered')
  await nextTick()
  clock.turn(9000)
  window.value = row('idle', { ticketId: null })
  await nextTick()
  clock.turn(9000)

  expect(heard).toEqual(['B001 M', 'again', 'again', 'away'])
})
test('the same ticket offered again rings again', async () => {
  const { heard, window } = ringing()
  window.value = row('offered')
  await nextTick()
  window.value = row('offered', { since: 's2' })
  await nextTick()

  expect(heard).toEqual(['B001 M', 'away', 'B001 M'])
})
test('nothing rings on after its page is gone', async () => {
  const { heard, clock, window, scope } = ringing()
  window.value = row('offered')
  await nextTick()
  scope.stop()
  clock.turn(9000)

  expect(heard).toEqual(['B001 M', 'away'])
})
test('the seconds to answer count down from the house’s moment and end at nought', () => {
  const { window, offer } = ringing()
  window.value = row('offered')

  expect(offer.secondsLeft.value).toBe(12)
  expect(secondsUntil('2026-11-23T02:00:12Z', NOW + 11_100)).toBe(1)
  expect(secondsUntil('2026-11-23T02:00:12Z', NOW + 60_000)).toBe(0)
  expect(secondsUntil(null, NOW)).toBe(0)
})
test('who is offered is shown from the board, and nobody while nothing rings', () => {
  const { window, offer } = ringing()

  expect(offer.ticket.value).toBeNull()
  window.value = row('offered')
  expect(offer.ticket.value?.id).toBe('t1')
})

test('a call that broke off is told until its citizen is back or somebody else is called', async () => {
  const told: string[] = []
  const window = shallowRef<WindowRow | null>(row('busy'))
  const board = shallowRef<BoardSnapshot | null>(boardOf([ticketRow({ state: 'connected' })]))
  const broken = effectScope().run(() => useBroken(window, board, (one) => told.push(one.id)))!
  window.value = row('idle', { ticketId: null })
  board.value = boardOf([ticketRow({ state: 'interrupted' })])
  await nextTick()

  expect(broken.value?.id).toBe('t1')
  expect(told).toEqual(['t1'])
  board.value = boardOf([ticketRow({ state: 'waiting' })])
  expect(broken.value).toBeNull()
})
test('a visit that ended is no broken call', async () => {
  const window = shallowRef<WindowRow | null>(row('busy'))
  const board = shallowRef<BoardSnapshot | null>(boardOf([ticketRow({ state: 'interrupted' })]))
  const broken = effectScope().run(() => useBroken(window, board, () => {}))!
  window.value = row('wrap_up', { ticketId: null })
  window.value = row('idle', { ticketId: null })
  await nextTick()

  expect(broken.value).toBeNull()
})
