/** The wall by keyboard, also by a remote control: pages, hold, mute, chart or table. */
import { onScopeDispose, ref } from 'vue'
import type { Wall } from './useWall'

/** Chart or table; one for the page, so that a key can turn it. */
export const asTable = ref(false)

export function useWallKeys({ pages, alarm }: Wall): void {
  const acts: Record<string, () => void> = {
    ArrowRight: () => pages.turn(1),
    ArrowLeft: () => pages.turn(-1),
    ' ': () => pages.hold(),
    'Alt KeyM': () => alarm.mute(),
    'Alt KeyT': () => void (asTable.value = !asTable.value),
  }
  function pressed(event: KeyboardEvent): void {
    const act = acts[event.altKey ? `Alt ${event.code}` : event.key]
    const busy = event.isComposing || event.ctrlKey || event.metaKey
    const onControl = event.target instanceof HTMLElement && event.target.closest('button, input, a')
    // On a button the space bar presses it.
    if (!act || busy || (onControl && event.key === ' ')) return
    event.preventDefault()
    act()
  }
  document.addEventListener('keydown', pressed)
  onScopeDispose(() => document.removeEventListener('keydown', pressed))
}
