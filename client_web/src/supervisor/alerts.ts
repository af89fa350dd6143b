/** What a supervisor must look at now, as rules. Pure: boards, what facts said and the moment in, alerts out. */
import type { BoardSnapshot, TicketRow } from '@/wire/models'
import { isOpen } from './figures'

export const LONG_WAIT_MS = 10 * 60_000
/** A pause is allowed for 15 min (domain §2.11): look before it runs out. */
export const LONG_PAUSE_MS = 10 * 60_000
/** People wait and no window is open: told after this, since windows open a moment late in the morning. */
export const UNSERVED_MS = 60_000
/** How long a missed ticket stays on the list. */
export const MISSED_MS = 5 * 60_000

export type AlertKind = 'unserved' | 'help' | 'long_wait' | 'missed' | 'paused_long'
export interface Alert {
  /** the same as long as it is the same thing */
  id: string
  kind: AlertKind
  officeId: string
  place: string
  /** ticket number or window name */
  what: string
  /** ms since the epoch: from when the thing lasts; null when that was before this page looked */
  since: number | null
}
export interface Missed {
  ticket: TicketRow
  at: number
}

/** What tickets' rows do not say: seen by this page as facts went by. */
export interface Seen {
  missed: readonly Missed[]
  /** when help was asked, by ticket */
  helpAt: ReadonlyMap<string, number>
}

const RANK: Record<AlertKind, number> = { unserved: 0, help: 1, long_wait: 2, paused_long: 3, missed: 4 }

/** Where nobody serves at all, that is the one thing to tell; the single waits would only hide it. */
export function alertsOf(boards: readonly BoardSnapshot[], { missed, helpAt }: Seen, now: number): Alert[] {
  const found = boards.flatMap((board) => [...ofTickets(board, helpAt, now), ...ofWindows(board, now), ...unserved(board, now)])
  const without = new Set(found.filter((alert) => alert.kind === 'unserved').map((alert) => alert.officeId))
  for (const { ticket, at } of missed) {
    if (now - at < MISSED_MS) found.push({ ...about(ticket), id: `missed ${ticket.id}`, kind: 'missed', since: at })
  }
  const told = found.filter((alert) => alert.kind !== 'long_wait' || !without.has(alert.officeId))
  return told.sort((a, b) => RANK[a.kind] - RANK[b.kind] || (a.since ?? 0) - (b.since ?? 0))
}

function about(ticket: TicketRow) {
  return { officeId: ticket.officeId, place: ticket.pointName, what: ticket.number }
}

function ofTickets(board: BoardSnapshot, helpAt: Seen['helpAt'], now: number): Alert[] {
  return board.tickets.flatMap((ticket) => {
    const since = Date.parse(ticket.since)
    const found: Alert[] = []
    if (ticket.help) found.push({ ...about(ticket), id: `help ${ticket.id}`, kind: 'help', since: helpAt.get(ticket.id) ?? null })
    if (ticket.state === 'waiting' && now - since > LONG_WAIT_MS) {
      found.push({ ...about(ticket), place: board.office.name, id: `wait ${ticket.id}`, kind: 'long_wait', since })
    }
    return found
  })
}

function ofWindows(board: BoardSnapshot, now: number): Alert[] {
  return board.windows
    .filter((window) => window.state === 'paused' && now - Date.parse(window.since) > LONG_PAUSE_MS)
    .map((window) => ({
      id: `pause ${window.id} ${window.since}`, kind: 'paused_long', officeId: board.office.id,
      place: board.office.name, what: window.name, since: Date.parse(window.since),
    }))
}

function unserved(board: BoardSnapshot, now: number): Alert[] {
  if (board.windows.some(isOpen)) return []
  const since = board.tickets.filter((ticket) => ticket.state === 'waiting').map((ticket) => Date.parse(ticket.since))
  if (since.length === 0 || now - Math.min(...since) <= UNSERVED_MS) return []
  const { id, name } = board.office
  return [{ id: `unserved ${id}`, kind: 'unserved', officeId: id, place: name, what: String(since.length), since: Math.min(...since) }]
}

/** The alerts that were not there before. */
export function fresh(alerts: readonly Alert[], known: ReadonlySet<string>): Alert[] {
  return alerts.filter((alert) => !known.has(alert.id))
}
