/** What may still be done for those who were called in vain, and when that ends. Pure. */
import type { TicketRow } from '@/wire/models'

/** A missed ticket may go back into the line for so long, once (domain §2.11). */
export const REVIVE_WITHIN_MS = 30 * 60_000

/** Whole minutes, counted up, for which this ticket may still be put back; 0: not any more. */
export function reviveMinutes({ state, revived, endedAt }: Pick<TicketRow, 'state' | 'revived' | 'endedAt'>, now: number): number {
  if (state !== 'missed' || revived || !endedAt) return 0
  return Math.max(0, Math.ceil((Date.parse(endedAt) + REVIVE_WITHIN_MS - now) / 60_000))
}
/** Those who may be put back, the newest first. */
export function revivable(missed: readonly TicketRow[], now: number): TicketRow[] {
  return missed.filter((row) => reviveMinutes(row, now) > 0).sort((a, b) => (b.endedAt ?? '').localeCompare(a.endedAt ?? ''))
}
