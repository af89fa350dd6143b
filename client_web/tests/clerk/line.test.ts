import { expect, test } from 'vitest'
import { flagsOf } from '@/clerk/flags'
import { callable, comingBack, ownLine } from '@/clerk/line'
import { found, targetsOf, useTargets } from '@/clerk/useTargets'
import { minutesPast } from '@/clerk/useNowWords'
import type { TicketRow, TransferTargets, WindowRow } from '@/wire/models'
import { ticketRow } from './visit'

const me = { lines: [] }
const APPOINTED = '2026-11-23T02:30:00Z'
const keys = (over: Partial<TicketRow>, languages = ['zh-CN']) =>
  flagsOf(ticketRow({ language: 'zh-CN', windowId: null, appointedAt: null, ...over }), languages).map((flag) => flag.key)

test('the list runs lane by lane, in each the longest wait first', () => {
  const rows = [
    ticketRow({ id: 'late', since: '2026-11-22T02:00:00Z' }), ticketRow({ id: 'early' }), ticketRow({ id: 'p', lane: 'priority' }),
    ticketRow({ id: 'd', lane: 'due' }), ticketRow({ id: 'r', lane: 'resuming' }),
  ]
  expect(ownLine(rows, me).map((row) => row.id)).toEqual(['r', 'd', 'p', 'early', 'late'])
})
test('those who keep a place but cannot be called stand apart', () => {
  const rows = (['waiting', 'calling', 'parked', 'interrupted', 'checked_in'] as const).map((state) => ticketRow({ id: state, state }))

  expect(comingBack(rows, me).map((row) => row.id)).toEqual(['parked', 'interrupted', 'checked_in'])
})
test('a window calls whoever speaks a language of it and rings at no other window', () => {
  const window = { id: 'w1', languages: ['zh-CN'] } as WindowRow
  const rows = [
    ticketRow({ id: 'zh', language: 'zh-CN' }), ticketRow({ id: 'en', language: 'en' }),
    ticketRow({ id: 'elsewhere', language: 'zh-CN', windowId: 'w2' }), ticketRow({ id: 'here', language: 'zh-CN', windowId: 'w1' }),
  ]
  expect(callable(rows, window).map((row) => row.id)).toEqual(['zh', 'here'])
})
test('every state and lane has its own word', () => {
  expect(keys({ state: 'parked' })).toEqual(['parked'])
  expect(keys({ state: 'interrupted', lane: 'resuming' })).toEqual(['interrupted'])
  expect(keys({ state: 'checked_in', appointedAt: APPOINTED })).toEqual(['checkedIn'])
  expect(keys({ lane: 'resuming' })).toEqual(['resuming'])
  expect(keys({ lane: 'due', appointedAt: APPOINTED })).toEqual(['due'])
  expect(keys({ appointedAt: APPOINTED })).toEqual(['late'])
  expect(keys({ lane: 'priority', revived: true, help: true, elder: true })).toEqual(['priority', 'revived', 'help', 'elder'])
  expect(keys({ windowId: 'w2', windowName: '2' })).toEqual(['offered'])
  expect(keys({})).toEqual([])
})
test('a language that the window does not speak is marked, one that it speaks is named', () => {
  expect(keys({ language: 'en' })).toEqual(['otherLanguage'])
  expect(keys({ language: 'en' }, ['zh-CN', 'en'])).toEqual(['language'])
})
test('a pause is over by whole minutes, and not before its end', () => {
  const end = Date.parse(APPOINTED)

  expect([-1, 59_000, 60_000, 190_000].map((ms) => minutesPast(APPOINTED, end + ms))).toEqual([0, 0, 1, 3])
})

const TARGETS = {
  windows: [{ id: 'w2', name: '2', staffName: 'Wu', state: 'busy' }, { id: 'w3', name: '3', staffName: 'Zheng', state: 'paused' }],
  matters: [
    { id: 'far', name: 'Bookshop', officeName: 'Xiangfu', regionName: 'Kaifeng', lineTitle: 'Trade', open: false },
    { id: 'near', name: 'Mortgage', officeName: 'Estate', regionName: 'Pinghu', lineTitle: 'Deeds', open: true },
  ],
} as TransferTargets

test('colleagues come first, then this office’s matters, then others; a shut one says why', () => {
  expect(targetsOf(TARGETS, 'Estate').map(({ id, group, remark, shut }) => [id, group, remark, shut])).toEqual([
    ['window w2', 'windows', 'busy', false], ['window w3', 'windows', 'paused', true],
    ['matter near', 'matters', null, false], ['matter far', 'elsewhere', 'closed', true],
  ])
})
test('a target is found by any of its words, in any order', () => {
  const all = targetsOf(TARGETS, 'Estate')

  expect(found(all, 'kaifeng book').map(({ id }) => id)).toEqual(['matter far'])
  expect(found(all, ' ').length).toBe(4)
})
test('what is searched away is not sent to', async () => {
  const targets = useTargets(() => Promise.resolve(TARGETS), 'Estate')
  await targets.load()
  targets.chosenId.value = 'window w2'
  expect(targets.chosen.value?.to).toEqual({ windowId: 'w2' })
  targets.typed.value = 'mortgage'

  expect(targets.chosen.value).toBeNull()
})
