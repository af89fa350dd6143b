/** How many clerks the hours of a day need, against how many are there. Pure. */
import type { StaffingHour } from '@/wire/models'

/** Minutes within which people are to be called. */
export const WITHIN_MIN = [1, 3, 5, 10, 15, 20] as const

/** Clerks missing (above zero) or to spare (below), by the play of the real rule; null where one side is not known. */
export function gapOf({ byPlay, onDuty }: Pick<StaffingHour, 'byPlay' | 'onDuty'>): number | null {
  return byPlay === null || onDuty === null ? null : byPlay - onDuty
}
/** The hours that need more people than are there. */
export function lacking<H extends Pick<StaffingHour, 'byPlay' | 'onDuty'>>(hours: readonly H[]): { hour: H; n: number }[] {
  return hours.flatMap((hour) => {
    const n = gapOf(hour)
    return n !== null && n > 0 ? [{ hour, n }] : []
  })
}
/** Nothing is known of any hour: there is nothing to draw. */
export const isBlank = (hours: readonly Pick<StaffingHour, 'byPlay'>[]) => hours.every(({ byPlay }) => byPlay === null)
