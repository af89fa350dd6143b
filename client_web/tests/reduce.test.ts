import { describe, expect, test } from 'vitest'
import { reduce, replay, upsert } from '@/wire/reduce'
import type { Fact, Snapshot } from '@/wire/models'

interface Board extends Snapshot {
  tickets: { id: string; n?: number; gone?: boolean }[]
  ahead: number
  ratings?: number[]
}
const board: Board = { subject: 'board:1', version: 4, at: 'a', tickets: [{ id: 'x', n: 1 }, { id: 'y', n: 2 }], ahead: 3 }
const fact = (version: number, shows: Fact['shows'] = {}): Fact => ({ subject: 'board:1', version, kind: 'moved', at: 'b', shows })

describe('a fact', () => {
  test('upserts rows in their place, adds new ones last and drops those gone', () => {
    expect(upsert(board.tickets, [{ id: 'y', n: 9 }, { id: 'z' }, { id: 'x', gone: true }])).toEqual([{ id: 'y', n: 9 }, { id: 'z' }])
  })
  test('replaces whatever is not a list of rows', () => {
    const step = reduce(board, fact(5, { ahead: 2, ratings: [0, 1] }))

    expect(step).toEqual({ kind: 'moved', snapshot: { ...board, version: 5, at: 'b', ahead: 2, ratings: [0, 1] } })
  })
  test('with nothing to show only moves the version', () => {
    expect(reduce(board, fact(5))).toMatchObject({ kind: 'moved', snapshot: { version: 5, ahead: 3 } })
  })
  test('that is known already is old', () => {
    expect(reduce(board, fact(4))).toEqual({ kind: 'old' })
  })
  test('of another subject is old', () => {
    expect(reduce(board, { ...fact(5), subject: 'board:2' })).toEqual({ kind: 'old' })
  })
  test('with one missing before it is a gap', () => {
    expect(reduce(board, fact(6))).toEqual({ kind: 'gap' })
  })
  test('that came early is taken in after the snapshot, in order', () => {
    expect(replay(board, [fact(6, { ahead: 0 }), fact(3), fact(5, { ahead: 1 })])).toMatchObject({ snapshot: { version: 6, ahead: 0 } })
    expect(replay(board, [fact(7)])).toEqual({ kind: 'gap' })
  })
})
