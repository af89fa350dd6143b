import { describe, expect, test } from 'vitest'
import { activeRate, figuresOf, lostShare, median, satisfaction } from '@/supervisor/figures'
import { busiest, hourId, hoursOf } from '@/supervisor/hours'
import { isIdle, officeRows, pageOf } from '@/supervisor/offices'
import { duration, percent } from '@/supervisor/show'
import { NOW, ago, board, hour, ticket, window } from './rows'

describe('waits', () => {
  test('the median of an even number is the middle of the two in the middle', () => {
    expect(median([30, 10, 20, 100])).toBe(25)
    expect(median([7, 1, 3])).toBe(3)
    expect(median([])).toBeNull()
  })
  test('only those who wait count, over all boards', () => {
    const boards = [
      board('a', { tickets: [ticket('1', { since: ago(30) }), ticket('2', { state: 'connected', since: ago(9000) })] }),
      board('b', { tickets: [ticket('3', { since: ago(90) }), ticket('4', { state: 'calling', since: ago(500) })] }),
    ]

    expect(figuresOf(boards, NOW)).toMatchObject({ waiting: 2, longestS: 90, medianS: 60, calls: 1, calling: 1 })
  })
  test('a clock that is behind the house shows no negative wait', () => {
    expect(figuresOf([board('a', { tickets: [ticket('1', { since: ago(-5) })] })], NOW).longestS).toBe(0)
  })
  test('nobody waiting is a dash, not zero', () => {
    expect(duration(figuresOf([board('a')], NOW).longestS)).toBe('–')
  })
})

describe('ratings', () => {
  const figures = figuresOf([board('a', { hours: [hour('x', { served: 10, missed: 1, ratings: [1, 0, 1, 0, 2] }), hour('y', { served: 6, abandoned: 3, noShows: 2 })] })], NOW)

  test('levels 3 to 5 are satisfied, among those who rated', () => {
    expect(satisfaction(figures)).toBe(0.75)
  })
  test('the active rate is ratings by served', () => {
    expect(activeRate(figures)).toBe(0.25)
  })
  test('missed and abandoned are counted apart, their share together; no-shows are no part of it', () => {
    expect(figures).toMatchObject({ missed: 1, abandoned: 3, noShows: 2 })
    expect(lostShare(figures)).toBe(0.2)
  })
  test('nothing to divide by is a dash', () => {
    const none = figuresOf([board('a')], NOW)

    expect([satisfaction(none), activeRate(none), lostShare(none)].map(percent)).toEqual(['–', '–', '–'])
  })
})

describe('today by the hour', () => {
  test('an hour has its name in Shanghai', () => {
    expect(hourId(Date.parse('2026-11-21T16:05:00Z'))).toBe('2026-11-22T00')
  })
  test('hours of several boards are summed, empty ones are there, other days are not', () => {
    const hours = hoursOf([
      board('a', { hours: [hour('2026-11-22T08', { taken: 2, connected: 2, waitS: 60 }), hour('2026-11-21T09', { taken: 9 })] }),
      board('b', { hours: [hour('2026-11-22T08', { taken: 1, missed: 1, abandoned: 1, connected: 1, waitS: 30 }), hour('2026-11-22T10', { served: 1 })] }),
    ], NOW)

    expect(hours.map((row) => row.hour)).toEqual([5, 6, 7, 8, 9, 10])
    expect(hours.find((row) => row.hour === 8)).toMatchObject({ taken: 3, lost: 2, averageWaitS: 30 })
    expect(hours.find((row) => row.hour === 9)).toMatchObject({ taken: 0, averageWaitS: null })
  })
  test('the busiest of equals is the earlier; a quiet day has none', () => {
    expect(busiest(hoursOf([board('a', { hours: [hour('2026-11-22T08', { taken: 2 }), hour('2026-11-22T09', { taken: 2 })] })], NOW))?.hour).toBe(8)
    expect(busiest(hoursOf([board('a')], NOW))).toBeNull()
  })
})

describe('offices', () => {
  test('without tickets, open windows and business today an office is folded', () => {
    const idle = board('idle', { windows: [window('w', 'offline')] })
    const open = board('open', { windows: [window('w', 'idle')] })
    const did = board('did', { hours: [hour('2026-11-22T08', { cancelled: 1, taken: 1 })] })

    expect(isIdle(figuresOf([idle], NOW))).toBe(true)
    expect(officeRows([idle, open, did], [], NOW)).toMatchObject({ idle: [idle], rows: [{ board: open }, { board: did }] })
  })
  test('those with alerts come first in the order of the alerts, then the longest wait', () => {
    const of = (id: string, seconds: number) => board(id, { tickets: [ticket(`t${id}`, { officeId: id, since: ago(seconds) })], windows: [window('w')] })
    const alert = (officeId: string) => ({ id: officeId, kind: 'help' as const, officeId, office: '', what: '', since: 0 })

    const { rows } = officeRows([of('a', 10), of('b', 20), of('c', 30), of('d', 5)], [alert('d'), alert('a')], NOW)

    expect(rows.map((row) => row.board.office.id)).toEqual(['d', 'a', 'c', 'b'])
    expect(rows.map((row) => row.worst)).toEqual(['help', 'help', null, null])
  })
  test('pages go round, also backwards', () => {
    expect(pageOf([1, 2, 3], 1, 2)).toEqual({ shown: [3], page: 1, pages: 2 })
    expect(pageOf([1, 2, 3], -1, 2).shown).toEqual([3])
    expect(pageOf([], 5, 2)).toEqual({ shown: [], page: 0, pages: 1 })
  })
})
