/** Which alerts are news. Pure: what was known before and the moment in, what is known now out. */
import type { Alert, AlertKind } from './alerts'

/** A count that goes to and fro over its limit is told once: what comes back within so long is no news. */
export const QUIET_MS = 2 * 60_000
const MEASURED: ReadonlySet<AlertKind> = new Set(['unserved', 'uncovered', 'long_wait', 'long_queue'])

/** When each alert was over, by its id; Infinity while it lasts. */
export type Known = ReadonlyMap<string, number>

/** The alerts that were not there before. */
export function fresh(alerts: readonly Alert[], known: Known, now: number): Alert[] {
  return alerts.filter(({ id, kind }) => {
    const over = known.get(id)
    if (over === undefined) return true
    return over !== Infinity && !(MEASURED.has(kind) && now - over < QUIET_MS)
  })
}

/** What is known after this look; what was over for long is forgotten. */
export function remember(alerts: readonly Alert[], known: Known, now: number): Known {
  const lasting = new Map(alerts.map(({ id }) => [id, Infinity]))
  for (const [id, over] of known) {
    const since = Math.min(over, now)
    if (!lasting.has(id) && now - since < QUIET_MS) lasting.set(id, since)
  }
  return lasting
}
