/** Time as an argument: pages get the browser's, tests a hand-turned one. */
import { onScopeDispose, ref, type Ref } from 'vue'

export type Stop = () => void
export interface Clock {
  /** milliseconds since the epoch */
  now(): number
  every(ms: number, act: () => void): Stop
  after(ms: number, act: () => void): Stop
}

export const wallClock: Clock = {
  now: () => Date.now(),
  every(ms, act) {
    const id = setInterval(act, ms)
    return () => clearInterval(id)
  },
  after(ms, act) {
    const id = setTimeout(act, ms)
    return () => clearTimeout(id)
  },
}

/** A promise that is kept after `ms`. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((kept) => clock.after(ms, kept))
}

/** The moment, renewed every `ms`, for as long as the scope lives. */
export function useNow(clock: Clock, ms = 1000): Ref<number> {
  const now = ref(clock.now())
  onScopeDispose(clock.every(ms, () => (now.value = clock.now())))
  return now
}
