import { computed, effectScope, nextTick, ref, shallowRef } from 'vue'
import { describe, expect, test } from 'vitest'
import { movedBetween, useMoved } from '@/kiosk/useMoved'
import { useOffer } from '@/kiosk/useOffer'
import { outlookInWords as outlook, placeInWords, waitInWords as told } from '@/kiosk/wait'
import type { TicketRow, VisitSnapshot, Wait } from '@/wire/models'
import words from '@/words/zh-CN/kiosk.json'

/** The catalogue itself, without the machinery around it. */
const t = (key: string, named: Record<string, unknown> = {}) => {
  const text = key.split('.').slice(1).reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], words) as string
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(named[name]))
}
/** What is read; which of the blanks may not be broken is no matter here. */
const read = (words: string) => words.replaceAll('\u00a0', ' ')
const waitInWords = (...args: Parameters<typeof told>) => read(told(...args))
const outlookInWords = (...args: Parameters<typeof outlook>) => read(outlook(...args))
const wait = (part: Partial<Wait> = {}): Wait => ({ ahead: 3, fewerThan: null, outlook: 'today', lowMin: 12, highMin: 20, atLeast: false, ...part })

describe('the wait', () => {
  test('is told as a range', () => {
    expect(waitInWords(wait(), { t })).toBe('大约还要等 12–20 分钟')
    expect(waitInWords(wait({ lowMin: 5, highMin: 5 }), { t })).toBe('大约还要等 5 分钟')
  })
  test('from a hundred minutes on is told in hours', () => {
    expect(waitInWords(wait({ lowMin: 90, highMin: 120 }), { t })).toBe('大约还要等 90 分钟到2 小时')
    expect(waitInWords(wait({ lowMin: 130, highMin: 155 }), { t })).toBe('大约还要等 2 小时 10 分到2 小时 35 分')
  })
  test('of which too little is known is told as "at least"', () => {
    expect(waitInWords(wait({ atLeast: true }), { t })).toBe('至少还要等 12 分钟')
  })
  test('that may not end today says so instead of a range', () => {
    const perhaps = wait({ outlook: 'perhaps_not_today', lowMin: 45, highMin: 120 })
    expect(waitInWords(perhaps, { t })).toBe('今天可能办不到')
    expect(outlookInWords(perhaps, { t })).toContain('至少还要等 45 分钟')
    expect(waitInWords(wait({ outlook: 'not_today', lowMin: null, highMin: null }), { t })).toBe('今天办不到了')
    expect(waitInWords(wait({ outlook: 'nobody_on_duty', lowMin: null, highMin: null }), { t })).toBe('现在没有人值班')
    expect(outlookInWords(wait(), { t })).toBe('')
  })
})
test('the place is told, or only that it is below a number', () => {
  expect([wait({ ahead: 0 }), wait(), wait({ ahead: null, fewerThan: 5 })].map((one) => placeInWords(one, { t }))).toEqual(['下一位就是您', '前面还有 3 位', '前面少于 5 人'])
})

const began = Date.UTC(2026, 10, 23, 1)
const row = (part: Partial<TicketRow> = {}) =>
  ({ id: 't', number: 'B001', state: 'waiting', lane: 'ordinary', since: new Date(began).toISOString(), takenAt: new Date(began).toISOString(), appointedAt: null, matterId: 'm', ...part }) as TicketRow
const visit = (ticket: Partial<TicketRow> = {}, told: Partial<Wait> = {}) => ({ ticket: row(ticket), wait: wait(told), matter: { id: 'm' } }) as VisitSnapshot

describe('other ways', () => {
  const offered = (shown: VisitSnapshot, afterMin: number) => useOffer(computed(() => shown), ref(began + afterMin * 60_000)).open.value

  test('are offered after five minutes of waiting, and not before', () => {
    expect([offered(visit(), 4.99), offered(visit(), 5)]).toEqual([false, true])
  })
  test('are offered at once to whom it may not be today', () => {
    expect([offered(visit({}, { outlook: 'not_today' }), 0), offered(visit({}, { outlook: 'nobody_on_duty' }), 0)]).toEqual([true, true])
  })
  test('count an appointment from its own time', () => {
    expect(offered(visit({ appointedAt: 'x', takenAt: '2026-11-01T01:00:00Z' }), 4)).toBe(false)
  })
  test('are not offered to whom is fetched back first, nor once called', () => {
    expect([offered(visit({ lane: 'resuming' }), 30), offered(visit({ state: 'calling' }), 30)]).toEqual([false, false])
  })
  test('stay refused, and can be looked at again', () => {
    const offer = useOffer(computed(() => visit()), ref(began + 600_000))
    offer.refused.value = true
    expect([offer.open.value, offer.due.value, offer.waitedMin.value]).toEqual([false, true, 10])
  })
})

describe('a ticket that was passed on', () => {
  test('is told by its new number, or by coming out of its call', () => {
    expect(movedBetween(row({ state: 'connected' }), row({ number: 'C002' }))).toBe('number')
    expect(movedBetween(row({ state: 'connected' }), row())).toBe('window')
    expect([movedBetween(row(), row()), movedBetween(row({ state: 'parked' }), row()), movedBetween(row({ state: 'missed' }), row())]).toEqual([null, null, null])
  })
  test('stays told until it is called, and fetches what its new matter asks for', async () => {
    const shown = shallowRef<VisitSnapshot | null>(visit({ state: 'connected' }))
    let fetched = 0
    const scope = effectScope()
    const moved = scope.run(() => useMoved(shown, () => fetched++))!
    shown.value = visit({ number: 'C002', matterId: 'other' })
    await nextTick()
    shown.value = { ...visit({ number: 'C002', matterId: 'other' }), matter: { id: 'other' } } as VisitSnapshot
    await nextTick()
    const waiting = moved.value
    shown.value = visit({ number: 'C002', state: 'calling' })
    await nextTick()

    expect([waiting, moved.value, fetched]).toEqual(['number', null, 1])
    scope.stop()
  })
})
