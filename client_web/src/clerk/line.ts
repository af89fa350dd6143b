/** The tickets of a board as one clerk sees them. Pure. */
import type { Me, TicketRow, WindowRow } from '@/wire/models'

const LANES: TicketRow['lane'][] = ['resuming', 'due', 'priority', 'ordinary']
const LATER: TicketRow['state'][] = ['checked_in', 'parked', 'interrupted']

export function isMine(row: TicketRow, me: Pick<Me, 'lines'>): boolean {
  return me.lines.length === 0 || me.lines.some((line) => line.id === row.lineId)
}
/** Those who wait on this clerk's lines: lane by lane, in each the longest wait first. */
export function ownLine(tickets: readonly TicketRow[], me: Pick<Me, 'lines'>): TicketRow[] {
  return tickets
    .filter((row) => row.state === 'waiting' && isMine(row, me))
    .sort((a, b) => LANES.indexOf(a.lane) - LANES.indexOf(b.lane) || a.since.localeCompare(b.since))
}
/** Those of this clerk's lines who keep a place but cannot be called yet: fetching a paper, cut off, or too early. */
export function comingBack(tickets: readonly TicketRow[], me: Pick<Me, 'lines'>): TicketRow[] {
  return tickets.filter((row) => LATER.includes(row.state) && isMine(row, me))
}
/** Those whom this window may call: they speak a language of it, and no other window rings for them. */
export function callable(line: readonly TicketRow[], window: WindowRow | null): TicketRow[] {
  const spoken = (row: TicketRow) => !window || window.languages.includes(row.language)
  return line.filter((row) => spoken(row) && (!row.windowId || row.windowId === window?.id))
}
