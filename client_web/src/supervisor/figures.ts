/** The wall's arithmetic (domain §2.13, rating figures §2.1): boards in, numbers out. Pure; waits in seconds. */
import type { BoardSnapshot, TicketRow, WindowRow } from '@/wire/models'

export interface Figures {
  waiting: number
  /** seconds; null when nobody waits */
  longestS: number | null
  medianS: number | null
  calling: number
  calls: number
  windowsOpen: number
  windows: number
  taken: number
  connected: number
  served: number
  missed: number
  abandoned: number
  /** booked and never came */
  noShows: number
  /** counts of levels 1..5 */
  ratings: number[]
  waitS: number
}

/** What a hall would be glad of; a number past its target changes colour and shape. */
export const TARGETS = { longestS: 600, medianS: 300, lostShare: 0.05, satisfaction: 0.95, activeRate: 0.6 } as const

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export function waitOf(ticket: Pick<TicketRow, 'since'>, now: number): number {
  return Math.max(0, (now - Date.parse(ticket.since)) / 1000)
}

/** Part of a whole, or null where there is nothing to divide by (shown as a dash). */
export function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null
}

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
export const rated = ({ ratings }: Pick<Figures, 'ratings'>) => sum(ratings)
/** Levels 3 to 5 among those given. */
export const satisfaction = (of: Pick<Figures, 'ratings'>) => share(sum(of.ratings.slice(2)), rated(of))
export const activeRate = (of: Pick<Figures, 'ratings' | 'served'>) => share(rated(of), of.served)
/** Missed and abandoned among the tickets that came to an end today. */
export const lostShare = (of: Figures) => share(of.missed + of.abandoned, of.missed + of.abandoned + of.served)
export const isOpen = (window: Pick<WindowRow, 'state'>) => window.state !== 'offline'
/** Serves, or will in a moment: a clerk on a break counts as long as the break may last (domain §2.11), one who does not answer never. */
export function onDuty({ state, dueAt }: Pick<WindowRow, 'state' | 'dueAt'>, now: number): boolean {
  return state === 'paused' ? dueAt !== null && now < Date.parse(dueAt) : state !== 'offline'
}

export function figuresOf(boards: readonly BoardSnapshot[], now: number): Figures {
  const tickets = boards.flatMap((board) => board.tickets)
  const windows = boards.flatMap((board) => board.windows)
  const hours = boards.flatMap((board) => board.hours)
  const waits = tickets.filter((ticket) => ticket.state === 'waiting').map((ticket) => waitOf(ticket, now))
  const count = (state: TicketRow['state']) => tickets.filter((ticket) => ticket.state === state).length
  const total = (name: 'taken' | 'connected' | 'served' | 'missed' | 'abandoned' | 'noShows' | 'waitS') => sum(hours.map((hour) => hour[name]))
  return {
    waiting: waits.length,
    longestS: waits.length ? Math.max(...waits) : null,
    medianS: median(waits),
    calling: count('calling'),
    calls: count('connected'),
    windowsOpen: windows.filter(isOpen).length,
    windows: windows.length,
    taken: total('taken'),
    connected: total('connected'),
    served: total('served'),
    missed: total('missed'),
    abandoned: total('abandoned'),
    noShows: total('noShows'),
    ratings: [0, 1, 2, 3, 4].map((level) => sum(hours.map((hour) => hour.ratings[level] ?? 0))),
    waitS: total('waitS'),
  }
}
