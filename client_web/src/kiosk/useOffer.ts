/** Waiting long: after five minutes, or when it may not be today, other ways are offered (domain §2.11). All may be refused. */
import { computed, ref, type Ref } from 'vue'
import type { VisitSnapshot } from '@/wire/models'

export const OFFER_AFTER_MS = 5 * 60_000

/** `now`: the house's moment, in ms since the epoch. */
export function useOffer(visit: Ref<VisitSnapshot | null>, now: Ref<number>) {
  const refused = ref(false)
  const waiting = computed(() => (visit.value?.ticket.state === 'waiting' ? visit.value.ticket : null))
  /** whole minutes since he took his number, or since his appointment's time */
  const waitedMin = computed(() => {
    const since = waiting.value && Date.parse(waiting.value.appointedAt ? waiting.value.since : waiting.value.takenAt)
    return since === null ? 0 : Math.max(0, Math.floor((now.value - since) / 60_000))
  })
  // Who is fetched back first has nothing to gain elsewhere.
  const due = computed(() => {
    if (!waiting.value || waiting.value.lane === 'resuming') return false
    const outlook = visit.value?.wait?.outlook ?? 'today'
    return waitedMin.value * 60_000 >= OFFER_AFTER_MS || outlook !== 'today'
  })
  const open = computed(() => due.value && !refused.value)
  return { due, open, waitedMin, refused }
}
