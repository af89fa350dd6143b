/** The code that brings a ticket back: six signs, shown in two threes, taken with or without the gap. */

export function spacedSlip(slip: string | null): string {
  return slip?.replace(/(...)(?=.)/g, '$1 ') ?? ''
}
export function tidySlip(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase()
}
