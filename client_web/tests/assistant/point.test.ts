import { expect, test } from 'vitest'
import { countsFrom, inOrder, newlyAsking } from '@/assistant/point'
import type { PointSnapshot } from '@/wire/models'
import { ago, ticket } from '../supervisor/rows'

const point = (version: number, ...tickets: ReturnType<typeof ticket>[]) => ({ subject: 'point:p', version, at: '', tickets, kiosks: [] }) as unknown as PointSnapshot

test('called tickets come first, then talking, then the longest wait', () => {
  const rows = [ticket('new', { since: ago(1) }), ticket('old', { since: ago(99) }), ticket('talks', { state: 'connected' }), ticket('called', { state: 'calling' })]

  expect(inOrder(rows).map((row) => row.id)).toEqual(['called', 'talks', 'old', 'new'])
})
test('every new call for help is news, two at once too; the first look is not', () => {
  const before = point(1, ticket('a', { help: true }), ticket('b'), ticket('c'))
  const after = point(2, ticket('a', { help: true }), ticket('b', { help: true }), ticket('c', { help: true }))

  expect(newlyAsking(after, null)).toEqual([])
  expect(newlyAsking(after, before).map((row) => row.id)).toEqual(['b', 'c'])
  expect(newlyAsking(before, before)).toEqual([])
})
test('help asked again after it was answered is news again', () => {
  expect(newlyAsking(point(3, ticket('a', { help: true })), point(2, ticket('a'))).map((row) => row.id)).toEqual(['a'])
})
test('the time beside a ticket is that of its wait, its call or its talk', () => {
  const row = ticket('a', { since: '1', calledAt: '2', connectedAt: '3' })

  expect(['waiting', 'calling', 'connected'].map((state) => countsFrom({ ...row, state: state as 'waiting' }))).toEqual(['1', '2', '3'])
})
