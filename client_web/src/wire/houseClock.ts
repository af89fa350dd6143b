/** The moment as the house has it: waits are counted from its moments, and a wall's own clock may be minutes off. */
import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'
import { useNow, type Clock } from './clock'
import type { Beat } from './models'
import type { Line } from './socket'

/** Below this the two clocks are taken for equal: the way of a beat through the net takes time too. */
const NEAR_MS = 1500

/** How far the house is ahead of here, in ms, judged by one beat. */
export function skewOf(beatAt: string, here: number): number {
  const skew = Date.parse(beatAt) - here
  return Number.isFinite(skew) && Math.abs(skew) > NEAR_MS ? skew : 0
}

/** The house's moment (ms since the epoch), renewed every second for as long as the scope lives. */
export function useHouseNow(line: Pick<Line, 'on' | 'off'>, clock: Clock): ComputedRef<number> {
  const now = useNow(clock)
  const skew = ref(0)
  const heard = (beat: Beat) => void (skew.value = skewOf(beat.at, clock.now()))
  line.on('beat', heard)
  onScopeDispose(() => line.off('beat', heard))
  return computed(() => now.value + skew.value)
}
