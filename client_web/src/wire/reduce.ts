/** Snapshot + facts = the next snapshot. Pure: the whole truth about gaps lies here. */
import type { Fact, Row, Snapshot } from './models'

export type Step<S> = { kind: 'moved'; snapshot: S } | { kind: 'old' } | { kind: 'gap' }

function isRows(value: unknown): value is Row[] {
  return Array.isArray(value) && value.length > 0 && value.every((row) => typeof row === 'object' && row !== null && 'id' in row)
}

/** Rows changed by id: known ones are merged in their place, new ones come last, those `gone` leave. */
export function upsert<R extends Row>(rows: readonly R[], changed: readonly R[]): R[] {
  const left = new Map(changed.map((row) => [row.id, row]))
  const kept: R[] = []
  for (const row of rows) {
    const change = left.get(row.id)
    left.delete(row.id)
    if (!change) kept.push(row)
    else if (!change.gone) kept.push({ ...row, ...change })
  }
  for (const row of left.values()) if (!row.gone) kept.push(row)
  return kept
}

function show(before: unknown, value: unknown): unknown {
  if (!isRows(value)) return Array.isArray(value) && value.length === 0 && Array.isArray(before) ? before : value
  return upsert(Array.isArray(before) ? (before as Row[]) : [], value)
}

/** Take one fact in. `gap`: something before it is missing, ask for a snapshot. */
export function reduce<S extends Snapshot>(snapshot: S, fact: Fact): Step<S> {
  if (fact.subject !== snapshot.subject || fact.version <= snapshot.version) return { kind: 'old' }
  if (fact.version > snapshot.version + 1) return { kind: 'gap' }
  const next = { ...snapshot, version: fact.version, at: fact.at } as unknown as Record<string, unknown>
  for (const [name, value] of Object.entries(fact.shows)) next[name] = show(next[name], value)
  return { kind: 'moved', snapshot: next as unknown as S }
}

/** Take facts in that came while the snapshot was on its way. */
export function replay<S extends Snapshot>(snapshot: S, facts: readonly Fact[]): Step<S> {
  let now = snapshot
  for (const fact of [...facts].sort((a, b) => a.version - b.version)) {
    const step = reduce(now, fact)
    if (step.kind === 'gap') return step
    if (step.kind === 'moved') now = step.snapshot
  }
  return { kind: 'moved', snapshot: now }
}
