/** Today by the hour, over all boards: rows for the chart and for the table that says the same. Pure. */
import type { BoardSnapshot } from '@/wire/models'
import { share, sum } from './figures'

export interface Hour {
  /** 2026-11-22T09, Asia/Shanghai */
  id: string
  /** 9 */
  hour: number
  taken: number
  served: number
  /** missed and abandoned */
  lost: number
  /** booked and never came */
  noShows: number
  /** seconds; null where nobody was connected */
  averageWaitS: number | null
}

const ZONE_MS = 8 * 3_600_000
/** A hall's day: shown from here on even when nothing has happened yet. */
const OPENS = 8
/** A chart of a single bar says little. */
const LEAST = 6

/** The hour's name in Asia/Shanghai, which knows no summer time. */
export function hourId(now: number): string {
  return new Date(now + ZONE_MS).toISOString().slice(0, 13)
}

/** Every hour of today from the first with anything in it (at the latest 8) to now, empty ones too. */
export function hoursOf(boards: readonly BoardSnapshot[], now: number): Hour[] {
  const today = hourId(now).slice(0, 10)
  const rows = boards.flatMap((board) => board.hours).filter((row) => row.id.startsWith(today))
  const last = Number(hourId(now).slice(11))
  const first = Math.max(0, Math.min(OPENS, last + 1 - LEAST, ...rows.map((row) => Number(row.id.slice(11)))))
  return Array.from({ length: last - first + 1 }, (_, step) => {
    const id = `${today}T${String(first + step).padStart(2, '0')}`
    const here = rows.filter((row) => row.id === id)
    const total = (name: 'taken' | 'served' | 'missed' | 'abandoned' | 'noShows' | 'waitS' | 'connected') => sum(here.map((row) => row[name]))
    return {
      id, hour: first + step, taken: total('taken'), served: total('served'),
      lost: total('missed') + total('abandoned'), noShows: total('noShows'), averageWaitS: share(total('waitS'), total('connected')),
    }
  })
}

/** The busiest hour by tickets taken, the earlier one of equals; null on a day without any. */
export function busiest(hours: readonly Hour[]): Hour | null {
  const best = hours.reduce<Hour | null>((top, hour) => (hour.taken > (top?.taken ?? 0) ? hour : top), null)
  return best
}
