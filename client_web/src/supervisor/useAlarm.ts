/** A sound and a spoken line for what is new. Can be muted. */
import { onScopeDispose, ref } from 'vue'
import type { makeChimes } from '@/people/chime'
import type { Alert } from './alerts'

export interface AlarmWorld {
  chimes: Pick<ReturnType<typeof makeChimes>, 'play' | 'wake' | 'awake'>
  /** where "muted" is kept for this browser */
  kept: Pick<Storage, 'getItem' | 'setItem'>
}
const MUTED = 'tongban.wall.muted'

export function useAlarm(words: (alert: Alert) => string, { chimes, kept }: AlarmWorld) {
  const muted = ref(kept.getItem(MUTED) === '1')
  const asleep = ref(!chimes.awake())
  /** what is read out: all that came at once */
  const last = ref('')

  function tell(alerts: readonly Alert[]): void {
    last.value = alerts.map(words).join('; ')
    if (!muted.value) chimes.play('alert')
    asleep.value = !chimes.awake()
  }
  function mute(): void {
    muted.value = !muted.value
    kept.setItem(MUTED, muted.value ? '1' : '')
  }
  const wake = () => void chimes.wake().then(() => (asleep.value = !chimes.awake()))

  for (const touch of ['pointerdown', 'keydown']) document.addEventListener(touch, wake)
  onScopeDispose(() => {
    for (const touch of ['pointerdown', 'keydown']) document.removeEventListener(touch, wake)
  })
  return { muted, asleep, last, tell, mute, wake }
}
