/** What a citizen writes about himself, checked while he writes. The house checks again. */

export type IdFault = 'short' | 'long' | 'signs' | 'date' | 'future' | 'check'

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'
const OLDEST_YEARS = 150

/** As it is stored: no blanks, X large. */
export function tidyId(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase()
}

function birth(id: string): Date | null {
  const [year, month, day] = [Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14))]
  const date = new Date(Date.UTC(year, month - 1, day))
  const real = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return real ? date : null
}

/** What is wrong with a resident identity number (GB 11643-1999, domain §2.7); null: nothing. */
export function idFault(text: string, now: number): IdFault | null {
  const id = tidyId(text)
  if (!/^(\d{0,17}|\d{17}[\dX])$/.test(id) && id.length <= 18) return 'signs'
  if (id.length < 18) return 'short'
  if (id.length > 18) return 'long'
  const born = birth(id)
  if (!born || born.getUTCFullYear() < new Date(now).getUTCFullYear() - OLDEST_YEARS) return 'date'
  if (born.getTime() > now) return 'future'
  const sum = WEIGHTS.reduce((total, weight, n) => total + weight * Number(id[n]), 0)
  return CHECKS[sum % 11] === id[17] ? null : 'check'
}

/** A mobile number: 1, then 3–9, then nine digits. */
export function phoneFault(text: string): 'phone' | null {
  return /^1[3-9]\d{9}$/.test(text.replace(/[\s-]/g, '')) ? null : 'phone'
}

/** A name of at least two signs, Chinese ones with the dot of many peoples, or Latin ones. */
export function nameFault(text: string): 'name' | null {
  return /^[\p{L}\p{M}·•.' -]{2,50}$/u.test(text.trim()) ? null : 'name'
}
