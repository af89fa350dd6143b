/** The rows of the wall: who needs a look first, and whom nobody need look at today. Pure. */
import type { BoardSnapshot } from '@/wire/models'
import type { Alert, AlertKind } from './alerts'
import { figuresOf, sum, type Figures } from './figures'

export interface OfficeRow {
  board: BoardSnapshot
  figures: Figures
  /** the worst of its alerts */
  worst: AlertKind | null
}

/** Nothing waits, nothing is open, nothing happened today. */
export function isIdle({ taken, connected, served, missed, abandoned, noShows, waiting, calling, calls, windowsOpen, ratings }: Figures): boolean {
  return taken + connected + served + missed + abandoned + noShows + waiting + calling + calls + windowsOpen + sum(ratings) === 0
}

/** Offices in the order in which they need a look, and the idle ones apart. `alerts` come worst first, those taken note of last. */
export function officeRows(boards: readonly BoardSnapshot[], alerts: readonly Alert[], now: number): { rows: OfficeRow[]; idle: BoardSnapshot[] } {
  const place = new Map<string, number>()
  alerts.forEach((alert, rank) => place.has(alert.officeId) || place.set(alert.officeId, rank))
  const all = boards.map((board) => {
    const rank = place.get(board.office.id)
    return { board, figures: figuresOf([board], now), worst: rank === undefined ? null : alerts[rank]!.kind }
  })
  const rank = (row: OfficeRow) => place.get(row.board.office.id) ?? Infinity
  const before = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)
  const rows = all.filter((row) => !isIdle(row.figures)).sort((a, b) =>
    before(rank(a), rank(b))
    || before(b.figures.longestS ?? -1, a.figures.longestS ?? -1)
    || b.figures.windowsOpen - a.figures.windowsOpen
    || b.figures.taken - a.figures.taken
    || a.board.office.regionCode.localeCompare(b.board.office.regionCode)
    || a.board.office.id.localeCompare(b.board.office.id))
  return { rows, idle: all.filter((row) => isIdle(row.figures)).map((row) => row.board) }
}

/** Page `n` of many, never past the last. */
export function pageOf<T>(rows: readonly T[], n: number, size: number): { shown: T[]; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(rows.length / size))
  const page = ((n % pages) + pages) % pages
  return { shown: rows.slice(page * size, page * size + size), page, pages }
}
