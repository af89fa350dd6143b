/** Keeps which alerts are news, and of which somebody has taken note: those step back until they are over. */
import { computed, ref, watch, type Ref } from 'vue'
import type { Alert } from './alerts'
import { fresh, remember, type Known } from './news'

const NOTED = 'tongban.wall.noted'

export interface NewsWorld {
  now(): number
  /** where what was noted is kept for this browser */
  kept: Pick<Storage, 'getItem' | 'setItem'>
  /** told of what is new; the first look is not news */
  tell(alerts: readonly Alert[]): void
}

export function useNews(alerts: Ref<readonly Alert[]>, ready: Ref<boolean>, { now, kept, tell }: NewsWorld) {
  const noted = ref<ReadonlySet<string>>(new Set(read(kept.getItem(NOTED))))
  let known: Known | null = null

  function look(): void {
    if (!ready.value) return
    const came = known ? fresh(alerts.value, known, now()) : []
    known = remember(alerts.value, known ?? new Map(), now())
    const again = new Set(came.map(({ id }) => id))
    keep([...noted.value].filter((id) => known!.has(id) && !again.has(id)))
    if (came.length) tell(came)
  }
  function keep(ids: readonly string[]): void {
    noted.value = new Set(ids)
    kept.setItem(NOTED, JSON.stringify(ids))
  }
  /** Somebody has seen it and does what can be done. */
  const note = (id: string) => keep([...noted.value, id])

  watch([() => alerts.value.map(({ id }) => id).join(), ready], look, { immediate: true })
  const open = computed(() => alerts.value.filter(({ id }) => !noted.value.has(id)))
  return { noted, note, open, listed: computed(() => [...open.value, ...alerts.value.filter(({ id }) => noted.value.has(id))]) }
}

function read(text: string | null): string[] {
  const ids: unknown = text ? JSON.parse(text) : []
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
}
