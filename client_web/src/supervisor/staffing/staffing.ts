/** How many clerks the hours of a day need, against how many are on duty now. Pure. */
import type { StaffingHour } from '@/wire/models'

type Needs = Pick<StaffingHour, 'hour' | 'byPlay'>
/** Minutes within which people are to be called. */
export const WITHIN_MIN = [1, 3, 5, 10, 15, 20] as const

/** Clerks missing (above zero) or to spare (below), by the play of the real rule; null where history says too little. */
export const gapOf = ({ byPlay }: Needs, onDuty: number): number | null => (byPlay === null ? null : byPlay - onDuty)

/** The hours still to come today that need more people than are there now; after the last one, those of the next day. */
export function lacking<H extends Needs>(hours: readonly H[], onDuty: number, hourNow: number): { hour: number; n: number }[] {
  const later = hours.filter(({ hour }) => hour >= hourNow)
  return (later.length ? later : hours).flatMap((needs) => {
    const n = gapOf(needs, onDuty)
    return n !== null && n > 0 ? [{ hour: needs.hour, n }] : []
  })
}
/** Nothing is known of any hour: there is nothing to draw. */
export const isBlank = (hours: readonly Needs[]) => hours.every(({ byPlay }) => byPlay === null)
