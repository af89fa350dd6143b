/** Notices what is new: a ticket on the line, a call answered, a paper handed in. The first look is not news. */
import { watch, type Ref } from 'vue'
import type { BoardSnapshot, PaperRow, TicketRow, VisitSnapshot } from '@/wire/models'

export interface Arrivals {
  ticket(row: TicketRow): void
  answered(row: TicketRow): void
  paper(row: PaperRow): void
}

export function useArrivals(board: Ref<BoardSnapshot | null>, visit: Ref<VisitSnapshot | null>, tell: Arrivals): void {
  watch(board, (now, before) => {
    if (!now || before?.subject !== now.subject) return
    const were = new Set(waiting(before).map((row) => row.id))
    waiting(now).filter((row) => !were.has(row.id)).forEach(tell.ticket)
  })
  watch(visit, (now, before) => {
    if (!now || before?.subject !== now.subject) return
    if (before.ticket.state === 'calling' && now.ticket.state === 'connected') tell.answered(now.ticket)
    const were = new Set(before.papers.map((paper) => paper.id))
    now.papers.filter((paper) => !were.has(paper.id)).forEach(tell.paper)
  })
}

function waiting(board: BoardSnapshot): TicketRow[] {
  return board.tickets.filter((row) => row.state === 'waiting')
}
