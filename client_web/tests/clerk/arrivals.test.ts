import { effectScope, nextTick, shallowRef } from 'vue'
import { expect, test } from 'vitest'
import { useArrivals } from '@/clerk/useArrivals'
import type { BoardSnapshot, VisitSnapshot } from '@/wire/models'
import { boardOf, paperRow, ticketRow, visitOf } from './visit'


function desk() {
  const told: string[] = []
  const board = shallowRef<BoardSnapshot | null>(null)
  const visit = shallowRef<VisitSnapshot | null>(null)
  effectScope().run(() =>
    useArrivals(board, visit, {
      ticket: (row) => told.push(`ticket ${row.id}`),
      answered: (row) => told.push(`answered ${row.id}`),
      paper: (row) => told.push(`paper ${row.id}`),
    }),
  )
  return { told, board, visit }
}

test('every ticket that joins the line is told, the ones that were there are not', async () => {
  const { told, board } = desk()
  board.value = boardOf([ticketRow({ id: 'a' })])
  await nextTick()
  board.value = boardOf([ticketRow({ id: 'a' }), ticketRow({ id: 'b' }), ticketRow({ id: 'c' })])
  await nextTick()
  board.value = boardOf([ticketRow({ id: 'b' }), ticketRow({ id: 'c' }), ticketRow({ id: 'd' })])
  await nextTick()

  expect(told).toEqual(['ticket b', 'ticket c', 'ticket d'])
})
test('a ticket that comes back to the line is told again', async () => {
  const { told, board } = desk()
  board.value = boardOf([ticketRow({ state: 'calling' })])
  await nextTick()
  board.value = boardOf([ticketRow({ state: 'waiting' })])
  await nextTick()

  expect(told).toEqual(['ticket t1'])
})
test('an answered call is told once', async () => {
  const { told, visit } = desk()
  visit.value = visitOf({ ticket: ticketRow({ state: 'calling' }) })
  await nextTick()
  visit.value = visitOf()
  await nextTick()
  visit.value = visitOf()
  await nextTick()

  expect(told).toEqual(['answered t1'])
})
test('each paper is told, also a second one for the same material', async () => {
  const { told, visit } = desk()
  visit.value = visitOf()
  await nextTick()
  visit.value = visitOf({ papers: [paperRow({ id: 'x' })] })
  await nextTick()
  visit.value = visitOf({ papers: [paperRow({ id: 'x', state: 'returned' }), paperRow({ id: 'y', turn: 2 })] })
  await nextTick()

  expect(told).toEqual(['paper x', 'paper y'])
})
