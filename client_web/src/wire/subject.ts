/**
 * Watching a subject: a snapshot, then facts; after a gap or a new line the snapshot again.
 * When nothing has been heard for 15 s the picture is `stale` and must be shown as such.
 */
import { computed, onScopeDispose, ref, shallowRef, toValue, watch, type ComputedRef, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'
import { Refused } from './api'
import type { Beat, Fact, Snapshot } from './models'
import { reduce, replay } from './reduce'
import type { Clock, Stop } from './clock'
import type { Line } from './socket'

export const STALE_MS = 15_000
const AGAIN_MS = 2000

export interface SubjectWorld<S extends Snapshot> {
  line: Pick<Line, 'connected' | 'on' | 'off' | 'emit'>
  clock: Clock
  /** fetch the snapshot of a subject */
  fetch(subject: string): Promise<S>
}
export interface Watched<S extends Snapshot> {
  snapshot: ShallowRef<S | null>
  stale: ComputedRef<boolean>
  /** when the house was last heard, ms since the epoch */
  heardAt: Ref<number>
  /** why the house will not show it */
  refused: ShallowRef<Refused | null>
  refresh(): Promise<void>
  /** adopt a snapshot that came as the answer to an act */
  take(snapshot: S): void
}

/** Watch `subject` (null: nothing) for as long as the scope lives. */
export function useSubject<S extends Snapshot>(subject: MaybeRefOrGetter<string | null>, world: SubjectWorld<S>): Watched<S> {
  const { line, clock } = world
  const snapshot = shallowRef<S | null>(null) as ShallowRef<S | null>
  const refused = shallowRef<Refused | null>(null)
  const heardAt = ref(clock.now())
  const now = ref(clock.now())
  const early: Fact[] = []
  let asking: Promise<void> | null = null
  let askAgain = false
  let again: Stop = () => {}

  const heard = () => void (now.value = heardAt.value = clock.now())
  const mine = () => toValue(subject)

  function take(fresh: S): void {
    if (fresh.subject !== mine()) return
    if (snapshot.value?.subject === fresh.subject && snapshot.value.version > fresh.version) return
    const step = replay(fresh, early.filter((fact) => fact.subject === fresh.subject))
    early.length = 0
    snapshot.value = step.kind === 'moved' ? step.snapshot : fresh
    refused.value = null
    heard()
    if (step.kind === 'gap') askAgain = true
  }
  async function ask(name: string): Promise<void> {
    try {
      take(await world.fetch(name))
    } catch (lost) {
      if (name !== mine()) return
      if (lost instanceof Refused) refused.value = lost
      else again = clock.after(AGAIN_MS, () => void refresh())
    }
  }
  async function refresh(): Promise<void> {
    const name = mine()
    if (!name) return
    askAgain = asking !== null
    if (asking) return asking
    again()
    asking = ask(name)
    await asking
    asking = null
    if (askAgain || name !== mine()) await refresh()
  }

  function onFact(fact: Fact): void {
    if (fact.subject !== mine()) return
    heard()
    if (!snapshot.value || asking) early.push(fact)
    if (!snapshot.value) return
    const step = reduce(snapshot.value, fact)
    if (step.kind === 'moved') snapshot.value = step.snapshot
    if (step.kind === 'gap') void refresh()
  }
  function onBeat(beat: Beat): void {
    const name = mine()
    const version = name ? beat.versions[name] : undefined
    if (version === undefined) return
    heard()
    if (snapshot.value && version > snapshot.value.version) void refresh()
  }
  function follow(): void {
    const name = mine()
    if (!name || !line.connected) return
    // Facts may flow before the answer comes; the snapshot asked for now covers what was before.
    line.emit('watch', { subject: name }, (answer) => answer.ok && heard())
    void refresh()
  }

  line.on('fact', onFact)
  line.on('beat', onBeat)
  line.on('connect', follow)
  const stopTick = clock.every(1000, () => (now.value = clock.now()))
  watch(mine, (name, before) => {
    if (before && line.connected) line.emit('unwatch', { subject: before }, () => {})
    if (snapshot.value?.subject !== name) snapshot.value = null
    refused.value = null
    early.length = 0
    if (name && !line.connected) void refresh()
    else follow()
  }, { immediate: true })
  onScopeDispose(() => {
    line.off('fact', onFact)
    line.off('beat', onBeat)
    line.off('connect', follow)
    stopTick()
    again()
    const name = mine()
    if (name && line.connected) line.emit('unwatch', { subject: name }, () => {})
  })

  const stale = computed(() => mine() !== null && now.value - heardAt.value > STALE_MS)
  return { snapshot, stale, heardAt, refused, refresh, take }
}
