/** What a supervisor must look at now, as rules. Pure: boards, what facts said and the moment in, alerts out. */
import type { BoardSnapshot, Language, TicketRow, WindowRow } from '@/wire/models'
import { onDuty } from './figures'

/** Longer than this nobody should wait; an ordinary ticket has aged by then (domain §2.11). */
export const LONG_WAIT_MS = 20 * 60_000
/** A queue is long past so many people, and past so many for each window on duty: a large office may have more. */
export const LONG_QUEUE = 10
export const QUEUE_PER_WINDOW = 3
/** People wait and nobody is on duty: told after this, since windows open a moment late in the morning. */
export const UNSERVED_MS = 60_000
/** How long a missed ticket stays on the list. */
export const MISSED_MS = 5 * 60_000

export type AlertKind = 'unserved' | 'uncovered' | 'no_answer' | 'help' | 'long_wait' | 'long_queue' | 'pause_overdue' | 'missed'
export interface Alert {
  /** the same as long as it is the same thing */
  id: string
  kind: AlertKind
  officeId: string
  office: string
  /** where the citizen stands */
  point?: string
  /** ticket number, window name or line title */
  what: string
  /** how many people it concerns */
  n?: number
  /** the clerk to speak to */
  who?: string
  /** the language nobody on duty speaks */
  language?: Language
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

const ORDER: readonly AlertKind[] = ['unserved', 'uncovered', 'no_answer', 'help', 'long_wait', 'long_queue', 'pause_overdue', 'missed']

/** Where nobody serves at all, that is the one thing to tell; its waits and its queue would only hide it. */
export function alertsOf(boards: readonly BoardSnapshot[], { missed, helpAt }: Seen, now: number): Alert[] {
  const found = boards.flatMap((board) => {
    const nobody = unserved(board, now)
    const line = nobody.length ? nobody : [...uncovered(board, now), ...longWait(board, now), ...longQueue(board, now)]
    return [...line, ...helpAsked(board, helpAt), ...ofWindows(board, now), ...justMissed(board, missed, now)]
  })
  return found.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.since ?? 0) - (b.since ?? 0))
}

const from = (ticket: TicketRow) => Date.parse(ticket.since)
function waiting(board: BoardSnapshot): TicketRow[] {
  return board.tickets.filter((ticket) => ticket.state === 'waiting').sort((a, b) => from(a) - from(b))
}
const at = ({ office: { id, name } }: BoardSnapshot) => ({ officeId: id, office: name })
const standing = (board: BoardSnapshot, ticket: TicketRow) => ({ ...at(board), point: ticket.pointName, what: ticket.number })

function unserved(board: BoardSnapshot, now: number): Alert[] {
  const [first, ...others] = waiting(board)
  if (!first || now - from(first) <= UNSERVED_MS || board.windows.some((window) => onDuty(window, now))) return []
  return [{ ...at(board), id: `unserved ${board.office.id}`, kind: 'unserved', what: '', n: others.length + 1, since: from(first) }]
}

/** Some are on duty, but nobody for this line or for this language. */
function uncovered(board: BoardSnapshot, now: number): Alert[] {
  const duty = board.windows.filter((window) => onDuty(window, now))
  const groups = new Map<string, TicketRow[]>()
  for (const ticket of waiting(board)) {
    const able = duty.filter((window) => window.lines.includes(ticket.lineId))
    if (able.some((window) => window.languages.includes(ticket.language))) continue
    const name = able.length ? `${ticket.lineId} ${ticket.language}` : ticket.lineId
    groups.set(name, [...(groups.get(name) ?? []), ticket])
  }
  return [...groups]
    .filter(([, [first]]) => now - from(first!) > UNSERVED_MS)
    .map(([name, tickets]) => ({
      ...at(board), id: `uncovered ${name}`, kind: 'uncovered', what: tickets[0]!.lineTitle, n: tickets.length, since: from(tickets[0]!),
      ...(name.includes(' ') ? { language: tickets[0]!.language } : {}),
    }))
}

function longWait(board: BoardSnapshot, now: number): Alert[] {
  const [first, ...others] = waiting(board).filter((ticket) => now - from(ticket) > LONG_WAIT_MS)
  if (!first) return []
  return [{ ...at(board), id: `wait ${board.office.id}`, kind: 'long_wait', what: first.number, n: others.length + 1, since: from(first) }]
}

function longQueue(board: BoardSnapshot, now: number): Alert[] {
  const tickets = waiting(board)
  const limit = Math.max(LONG_QUEUE, QUEUE_PER_WINDOW * board.windows.filter((window) => onDuty(window, now)).length)
  if (tickets.length <= limit) return []
  return [{ ...at(board), id: `queue ${board.office.id}`, kind: 'long_queue', what: '', n: tickets.length, since: from(tickets[limit]!) }]
}

function helpAsked(board: BoardSnapshot, helpAt: Seen['helpAt']): Alert[] {
  return board.tickets.filter((ticket) => ticket.help)
    .map((ticket) => ({ ...standing(board, ticket), id: `help ${ticket.id}`, kind: 'help', since: helpAt.get(ticket.id) ?? null }))
}

function justMissed(board: BoardSnapshot, missed: Seen['missed'], now: number): Alert[] {
  return missed.filter(({ ticket, at: when }) => ticket.officeId === board.office.id && now - when < MISSED_MS)
    .map(({ ticket, at: when }) => ({ ...standing(board, ticket), id: `missed ${ticket.id}`, kind: 'missed', since: when }))
}

function ofWindows(board: BoardSnapshot, now: number): Alert[] {
  const tell = (window: WindowRow, kind: AlertKind): Alert[] => [{
    ...at(board), id: `${kind} ${window.id} ${window.since}`, kind, what: window.name, who: window.staffName, since: Date.parse(window.since),
  }]
  return board.windows.filter((window) => window.state === 'paused').flatMap((window) => {
    if (window.pauseReason === 'no_answer') return tell(window, 'no_answer')
    return onDuty(window, now) ? [] : tell(window, 'pause_overdue')
  })
}
