/** The ticket this kiosk is kept for, as its row stands, and what its citizen may do with it. */
import { computed, onScopeDispose, ref } from 'vue'
import { useAct, type Act } from '@/wire/act'
import { Refused } from '@/wire/api'
import type { ToldPlace } from '@/wire/events'
import { useVisit, type World } from '@/wire/world'

export function useHeld(world: World, act: Act = useAct()) {
  const { api, clock, line } = world
  const ticketId = ref<string | null>(null)
  /** said "I am here", the row has not moved yet */
  const arriving = ref(false)
  const watched = useVisit(world, () => (ticketId.value ? `ticket:${ticketId.value}` : null))
  const visit = watched.snapshot
  const state = computed(() => visit.value?.ticket.state ?? null)
  const live = computed(() => state.value === 'calling' || state.value === 'connected')
  const path = () => ({ path: { id: ticketId.value! } })

  async function arrive(sayReady: () => void): Promise<void> {
    // Picture and sound flow from this touch on; the row follows.
    arriving.value = true
    sayReady()
    await act.run(async () => watched.take(await api('POST /api/tickets/{id}/arrive', path())))
    arriving.value = false
  }
  const help = (wanted: boolean) => act.run(() => api('POST /api/tickets/{id}/help', { ...path(), body: { wanted } }))
  /** A step whose answer is the visit as it stands afterwards. */
  const step = (name: 'revive' | 'come-back') => act.run(async () => watched.take(await api(`POST /api/tickets/{id}/${name}`, path())))
  const message = (wanted: boolean) => act.run(() => api('POST /api/tickets/{id}/message', { ...path(), body: { wanted } }))
  const release = () => act.run(() => api('POST /api/tickets/{id}/release', path()))
  const cancel = () => act.run(() => api('POST /api/tickets/{id}/cancel', path()))
  const rate = (level: number, codes: string[], words: string) =>
    act.run(() => api('POST /api/tickets/{id}/rating', { ...path(), body: { level, codes, words } }))
  /** The house forgets, too; told again later if the line is down, unless somebody else has begun a visit. */
  async function done(): Promise<void> {
    try {
      await api('POST /api/device/forget')
    } catch (why) {
      if (!(why instanceof Refused)) clock.after(10_000, () => ticketId.value ?? void done())
    }
  }

  function placed(place: ToldPlace): void {
    if (visit.value && place.ticket === ticketId.value) watched.take({ ...visit.value, wait: place.wait })
  }
  line.on('place', placed)
  onScopeDispose(() => line.off('place', placed))
  return { ticketId, arriving, watched, visit, state, live, arrive, help, revive: () => step('revive'), comeBack: () => step('come-back'), message, release, cancel, rate, done }
}
