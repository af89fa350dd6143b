/** The queue of one office in the order in which it is looked at. Pure. */
import type { TicketRow } from '@/wire/models'

export type Group = 'called' | 'waiting' | 'away'
type Lane = TicketRow['lane']

/** As the rule looks at them (domain §2.14). */
export const LANES: readonly Lane[] = ['resuming', 'due', 'priority', 'ordinary']
const GROUP: Partial<Record<TicketRow['state'], Group>> = {
  calling: 'called', waiting: 'waiting', checked_in: 'away', parked: 'away', interrupted: 'away',
}

/** Who is called, who waits (by lane, each first come first served), and who is not in the line at this moment. */
export function queueOf(tickets: readonly TicketRow[]): { group: Group; tickets: TicketRow[] }[] {
  const before = (a: TicketRow, b: TicketRow) =>
    LANES.indexOf(a.lane) - LANES.indexOf(b.lane) || Date.parse(a.since) - Date.parse(b.since) || Date.parse(a.takenAt) - Date.parse(b.takenAt)
  return (['called', 'waiting', 'away'] as const)
    .map((group) => ({ group, tickets: tickets.filter((ticket) => GROUP[ticket.state] === group).sort(before) }))
    .filter((one) => one.tickets.length > 0)
}

/** Whole minutes waited so far. An appointment that is due counts from its time. */
export const minutesSince = (since: string, now: number) => Math.max(0, Math.floor((now - Date.parse(since)) / 60_000))
