/** The wall by keyboard, also by a remote control: pages, hold, mute, chart or table; back to it from an office. */
import { onScopeDispose, ref } from 'vue'
import type { Wall } from './useWall'

/** Chart or table; one for the page, so that a key can turn it. */
export const asTable = ref(false)

export function useWallKeys({ pages, alarm, view, home }: Wall): void {
  const acts: Record<string, () => void> = {
    ArrowRight: () => pages.turn(1),
    ArrowLeft: () => pages.turn(-1),
    ' ': () => pages.hold(),
    'Alt KeyM': () => alarm.mute(),
    'Alt KeyT': () => void (asTable.value = !asTable.value),
  }
  const inOffice: Record<string, () => void> = { Escape: home, 'Alt KeyM': () => alarm.mute() }
  function pressed(event: KeyboardEvent): void {
    const act = (view.value.office ? inOffice : acts)[event.altKey ? `Alt ${event.code}` : event.key]
    const busy = event.isComposing || event.ctrlKey || event.metaKey
    const on = event.target instanceof HTMLElement ? event.target : null
    // On a button the space bar presses it; Escape closes a question first.
    if (!act || busy || (event.key === ' ' && on?.closest('button, input, a')) || on?.closest('dialog, select')) return
    event.preventDefault()
    act()
  }
  document.addEventListener('keydown', pressed)
  onScopeDispose(() => document.removeEventListener('keydown', pressed))
}
