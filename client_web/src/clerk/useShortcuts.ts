/** What every key of the desk does; the same table is shown by "?". */
import type { BareDesk } from './useDesk'
import { useKeys, type Shortcut } from './useKeys'
import { PAUSABLE } from './useWindow'

export interface ListedShortcut extends Shortcut {
  group: 'window' | 'papers' | 'call' | 'desk'
}

/** The one thing to do now, by the state of the window. */
export function goOn({ window, ask, line }: BareDesk): void {
  const { state } = window
  if (state.value === 'offline') void window.open()
  else if (state.value === 'offered') void window.accept()
  else if (state.value === 'idle' && !line.rings.value && line.callable.value.length > 0) void window.next()
  else if (state.value === 'wrap_up' || state.value === 'paused') void window.ready()
  else if (state.value === 'busy') ask('outcome')
}

export function useShortcuts(desk: BareDesk): ListedShortcut[] {
  const { window, review, call, ask } = desk
  const calling = () => window.state.value === 'ringing'
  const serving = () => window.state.value === 'busy'
  const viewing = () => review.open.value
  const list = (group: ListedShortcut['group'], id: string, keys: string, run: () => unknown, when = () => true) =>
    ({ group, id, keys, run: () => void (when() && run()) }) satisfies ListedShortcut

  const shortcuts = [
    list('window', 'goOn', 'F2', () => goOn(desk)),
    list('window', 'recall', 'F4', window.recall, calling),
    list('window', 'missed', 'Alt+M', () => ask('missed'), calling),
    list('window', 'outcome', 'F8', () => ask('outcome'), serving),
    list('window', 'left', 'Alt+G', () => ask('left'), () => calling() || serving()),
    list('window', 'pause', 'Alt+P', () => ask('pause'), () => PAUSABLE.includes(window.state.value)),
    list('window', 'park', 'Alt+S', () => ask('park'), serving),
    list('window', 'transfer', 'Alt+Z', () => ask('transfer'), serving),
    list('papers', 'nextPaper', 'Alt+N', () => review.step(1)),
    list('papers', 'previousPaper', 'Alt+B', () => review.step(-1)),
    list('papers', 'accept', 'Alt+A', review.accept, viewing),
    list('papers', 'giveBack', 'Alt+R', () => ask('return'), () => review.judgeable.value),
    list('papers', 'nextPage', 'Alt+K', () => review.turnPage(1), viewing),
    list('papers', 'previousPage', 'Alt+J', () => review.turnPage(-1), viewing),
    list('papers', 'larger', 'Alt+=', () => review.enlarge(1), viewing),
    list('papers', 'smaller', 'Alt+-', () => review.enlarge(-1), viewing),
    list('papers', 'rotate', 'Alt+T', review.rotate, viewing),
    list('papers', 'compare', 'Alt+C', review.compare, viewing),
    list('papers', 'closePaper', 'Alt+W', () => review.show(null), viewing),
    list('call', 'microphone', 'Alt+X', () => call.mute('microphone', call.microphone.value)),
    list('call', 'camera', 'Alt+V', () => call.mute('camera', call.camera.value)),
    ...[1, 2, 3, 4, 5, 6].map((n) => list('desk', `check${n}`, `Alt+${n}`, () => focusCheck(n), serving)),
    list('desk', 'keys', '?', () => ask('keys')),
  ]
  useKeys(shortcuts)
  return shortcuts
}

/** The arrow keys choose from there; one key press alone never answers a check. */
function focusCheck(n: number): void {
  const group = document.querySelector(`[data-check="${n}"]`)
  const answer = group?.querySelector<HTMLInputElement>('input:checked') ?? group?.querySelector<HTMLInputElement>('input')
  answer?.focus()
}
