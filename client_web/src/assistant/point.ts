/** What an assistant looks at first, out of a point's snapshot. Pure. */
import type { PointSnapshot, TicketRow } from '@/wire/models'

const RANK: Partial<Record<TicketRow['state'], number>> = { calling: 0, connected: 1, waiting: 2, checked_in: 3, interrupted: 4, parked: 5 }

/** Those called (somebody must go to a kiosk now), then those talking, then those who wait, the longest first, then the absent. */
export function inOrder(tickets: readonly TicketRow[]): TicketRow[] {
  const rank = (row: TicketRow) => RANK[row.state] ?? 6
  return [...tickets].sort((a, b) => rank(a) - rank(b) || a.since.localeCompare(b.since))
}
export function asking(tickets: readonly TicketRow[]): TicketRow[] {
  return inOrder(tickets.filter((row) => row.help))
}
/** Who asks for help now and did not before. The first look is not news. */
export function newlyAsking(now: PointSnapshot, before: PointSnapshot | null): TicketRow[] {
  if (before?.subject !== now.subject) return []
  const were = new Set(asking(before.tickets).map((row) => row.id))
  return asking(now.tickets).filter((row) => !were.has(row.id))
}
/** From when the number beside a ticket counts: its wait, its call, its talk. */
export function countsFrom(row: Pick<TicketRow, 'state' | 'since' | 'calledAt' | 'connectedAt'>): string {
  if (row.state === 'connected') return row.connectedAt ?? row.since
  return (row.state === 'calling' && row.calledAt) || row.since
}
