/** Numbers as people read them; a dash where there is none. */
import { elapsed } from '@/wire/time'

export const DASH = '–'

export function duration(seconds: number | null): string {
  return seconds === null ? DASH : elapsed(0, seconds * 1000)
}
export function percent(share: number | null): string {
  return share === null ? DASH : `${Math.round(share * 100)}%`
}
