/** Function keys and Alt chords. Deaf while somebody types, composes or answers a dialog. */
import { onScopeDispose } from 'vue'

export interface Shortcut {
  /** what it does, as a key of the words `clerk.keys.*` */
  id: string
  /** `F2`, `Alt+A`, `?` */
  keys: string
  run(): void
}

export function chordOf(event: KeyboardEvent): string {
  if (event.ctrlKey || event.metaKey) return ''
  if (event.altKey && /^(Key|Digit)./.test(event.code)) return `Alt+${event.code.replace(/^(Key|Digit)/, '')}`
  if (event.altKey) return `Alt+${event.key}`
  return event.key
}

/** Whether the key belongs to what has the focus rather than to the desk. */
function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('dialog')) return true
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox', 'button'].includes(target.type)
  return ['TEXTAREA', 'SELECT'].includes(target.tagName)
}

export function useKeys(shortcuts: Shortcut[], page: Document = document): void {
  const byChord = new Map(shortcuts.map((one) => [one.keys, one]))
  function pressed(event: KeyboardEvent): void {
    if (event.isComposing || event.repeat || typing(event.target)) return
    const found = byChord.get(chordOf(event))
    if (!found) return
    event.preventDefault()
    found.run()
  }
  page.addEventListener('keydown', pressed)
  onScopeDispose(() => page.removeEventListener('keydown', pressed))
}
