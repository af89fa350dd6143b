/** Nobody touches the screen any more: ask, count down, and then act as if he had left. */
import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { Clock } from '@/wire/clock'

export interface IdleRules {
  /** whether anybody could have left now */
  watching: Ref<boolean>
  askS: Ref<number>
  wipeS: Ref<number>
  gone(): void
}
export interface Idle {
  asking: ComputedRef<boolean>
  /** seconds until everything is wiped */
  leftS: ComputedRef<number>
  stay(): void
}

const SIGNS = ['pointerdown', 'keydown', 'input', 'touchstart'] as const

export function useIdle(rules: IdleRules, clock: Clock, target: EventTarget): Idle {
  const touchedAt = ref(clock.now())
  const now = ref(clock.now())

  const silentS = computed(() => (now.value - touchedAt.value) / 1000)
  const asking = computed(() => rules.watching.value && silentS.value >= rules.askS.value)
  const leftS = computed(() => Math.max(0, Math.ceil(rules.askS.value + rules.wipeS.value - silentS.value)))

  function stay(): void {
    touchedAt.value = now.value = clock.now()
  }
  function touched(): void {
    // Once asked, only the answer counts: a sleeve on the glass is not somebody.
    if (!asking.value) stay()
  }
  function tick(): void {
    now.value = clock.now()
    if (!asking.value || leftS.value > 0) return
    stay()
    rules.gone()
  }
  for (const sign of SIGNS) target.addEventListener(sign, touched, { passive: true })
  const stop = clock.every(1000, tick)
  watch(rules.watching, stay)
  onScopeDispose(() => {
    stop()
    for (const sign of SIGNS) target.removeEventListener(sign, touched)
  })
  return { asking, leftS, stay }
}
