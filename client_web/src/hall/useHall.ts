/** The hall screen: who is called where, who waits, and a chime for every call. Numbers only, no names. */
import { computed, onScopeDispose, watch } from 'vue'
import { useChime } from '@/design'
import { useStand } from '@/stand/useStand'
import type { TicketRow } from '@/wire/models'
import { usePoint, type World } from '@/wire/world'

/** Two calls at once ring one after the other. */
const RING_GAP_MS = 2200

const byCall = (a: TicketRow, b: TicketRow) => (b.calledAt ?? '').localeCompare(a.calledAt ?? '')

/** Who waits, in the order of the lanes that go before all others; between the rest the line decides, call by call. */
const FIRST: Partial<Record<TicketRow['lane'], number>> = { resuming: 0, due: 1 }
export function byTurn(a: TicketRow, b: TicketRow): number {
  return (FIRST[a.lane] ?? 2) - (FIRST[b.lane] ?? 2) || a.since.localeCompare(b.since)
}
const byTime = (a: TicketRow, b: TicketRow) => (a.appointedAt ?? '').localeCompare(b.appointedAt ?? '')

/** One name per call: a recall is a call too. */
export function callsOf(tickets: readonly TicketRow[]): string[] {
  return tickets.filter((ticket) => ticket.state === 'calling').map((ticket) => `${ticket.id} ${ticket.calls}`)
}

export function useHall(world: World, chime = useChime()) {
  const stand = useStand(world)
  const watched = usePoint(world, () => (stand.device.value ? `point:${stand.device.value.point.id}` : null))
  const tickets = computed(() => watched.snapshot.value?.tickets ?? [])
  const inState = (state: TicketRow['state']) => tickets.value.filter((ticket) => ticket.state === state)

  // Whoever was sent for a paper, or whose call broke off, is not here: he waits for nothing.
  const waiting = computed(() => inState('waiting').toSorted(byTurn))
  /** checked in before the time of their appointment */
  const early = computed(() => inState('checked_in').toSorted(byTime))
  const serving = computed(() => inState('connected'))
  const calling = computed(() => inState('calling').sort(byCall))

  let known: Set<string> | null = null
  let freeAt = 0
  const stops = new Set<() => void>()
  function ringOnce(): void {
    const wait = Math.max(0, freeAt - world.clock.now())
    freeAt = world.clock.now() + wait + RING_GAP_MS
    const stop = world.clock.after(wait, () => {
      stops.delete(stop)
      chime.ring()
    })
    stops.add(stop)
  }
  function listen(): void {
    if (!watched.snapshot.value) return
    const now = callsOf(tickets.value)
    for (const call of now) if (known && !known.has(call)) ringOnce()
    known = new Set(now)
  }
  watch(watched.snapshot, listen, { immediate: true })

  const ask = () => void stand.ask()
  for (const event of ['connect', 'signed_out'] as const) world.line.on(event, ask)
  onScopeDispose(() => {
    for (const event of ['connect', 'signed_out'] as const) world.line.off(event, ask)
    stops.forEach((stop) => stop())
  })
  ask()
  // Says at once whether the browser lets us ring, not only when somebody is called.
  void chime.unlock()
  return { stand, waiting, early, serving, calling, stale: watched.stale, heardAt: watched.heardAt, chime }
}
