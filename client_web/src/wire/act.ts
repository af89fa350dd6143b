/** One act of a person on the house: under way, done, refused with a reason, or lost on the way. */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { Refused } from './api'

export interface Act {
  busy: Ref<boolean>
  refused: ShallowRef<Refused | null>
  /** no answer came, or something nobody expected */
  lost: Ref<boolean>
  /** there is something to tell */
  failed: ComputedRef<boolean>
  /** Do it, once at a time. Answers whether it was done. */
  run(act: () => Promise<unknown>): Promise<boolean>
  clear(): void
}

export function useAct(): Act {
  const busy = ref(false)
  const refused = shallowRef<Refused | null>(null)
  const lost = ref(false)

  function clear(): void {
    refused.value = null
    lost.value = false
  }
  async function run(act: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    clear()
    busy.value = true
    try {
      await act()
      return true
    } catch (why) {
      if (why instanceof Refused) refused.value = why
      else lost.value = true
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, refused, lost, failed: computed(() => lost.value || refused.value !== null), run, clear }
}
