/** The hall screen: who is called where, who waits, and a chime for every call. Numbers only, no names. */
import { computed, onScopeDispose, watch } from 'vue'
import { useChime } from '@/design'
import { useStand } from '@/stand/useStand'
import type { TicketRow } from '@/wire/models'
import { usePoint, type World } from '@/wire/world'

/** Two calls at once ring one after the other. */
const RING_GAP_MS = 2200

const byCall = (a: TicketRow, b: TicketRow) => (b.calledAt ?? '').localeCompare(a.calledAt ?? '')

/** One name per call: a recall is a call too. */
export function callsOf(tickets: readonly TicketRow[]): string[] {
  return tickets.filter((ticket) => ticket.state === 'calling').map((ticket) => `${ticket.id} ${ticket.calls}`)
}

export function useHall(world: World, chime = useChime()) {
  const stand = useStand(world)
  const watched = usePoint(world, () => (stand.device.value ? `point:${stand.device.value.point.id}` : null))
  const tickets = computed(() => watched.snapshot.value?.tickets ?? [])
  const inState = (state: TicketRow['state']) => computed(() => tickets.value.filter((ticket) => ticket.state === state))

  const waiting = inState('waiting')
  const serving = inState('connected')
  const calling = computed(() => tickets.value.filter((ticket) => ticket.state === 'calling').sort(byCall))

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
  return { stand, waiting, serving, calling, stale: watched.stale, heardAt: watched.heardAt, chime }
}
