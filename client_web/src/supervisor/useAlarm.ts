/** A sound and a spoken line once for every new alert; the first look is not news. Can be muted. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { makeChimes } from '@/people/chime'
import { fresh, type Alert } from './alerts'

export interface AlarmWorld {
  chimes: Pick<ReturnType<typeof makeChimes>, 'play' | 'wake' | 'awake'>
  /** where "muted" is kept for this browser */
  kept: Pick<Storage, 'getItem' | 'setItem'>
}
const MUTED = 'tongban.wall.muted'

export function useAlarm(alerts: Ref<readonly Alert[]>, ready: Ref<boolean>, words: (alert: Alert) => string, { chimes, kept }: AlarmWorld) {
  const muted = ref(kept.getItem(MUTED) === '1')
  const asleep = ref(!chimes.awake())
  const last = ref('')
  let known: Set<string> | null = null

  function look(): void {
    if (!ready.value) return
    const before = known
    // What is over and comes back is new again.
    known = new Set(alerts.value.map((alert) => alert.id))
    if (before) fresh(alerts.value, before).forEach(tell)
  }
  function tell(alert: Alert): void {
    last.value = words(alert)
    if (!muted.value) chimes.play('alert')
    asleep.value = !chimes.awake()
  }
  function mute(): void {
    muted.value = !muted.value
    kept.setItem(MUTED, muted.value ? '1' : '')
  }
  const wake = () => void chimes.wake().then(() => (asleep.value = !chimes.awake()))

  watch([() => alerts.value.map((alert) => alert.id).join(), ready], look, { immediate: true })
  for (const touch of ['pointerdown', 'keydown']) document.addEventListener(touch, wake)
  onScopeDispose(() => {
    for (const touch of ['pointerdown', 'keydown']) document.removeEventListener(touch, wake)
  })
  return { muted, asleep, last, mute, wake }
}
