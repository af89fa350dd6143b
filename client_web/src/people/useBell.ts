/** Tells the clerk of every arrival, in front or in a background tab: sound, title, desktop notice, and a spoken line. */
import { onScopeDispose, ref, watch } from 'vue'
import { makeChimes, type Chime } from './chime'

export interface BellWorld {
  chimes: Pick<ReturnType<typeof makeChimes>, 'play' | 'wake' | 'awake'>
  notify: typeof Notification | undefined
  page: Document
}
export const browserBell = (): BellWorld => ({
  chimes: makeChimes(),
  notify: typeof Notification === 'undefined' ? undefined : Notification,
  page: document,
})

export function useBell(name: () => string, { chimes, notify, page }: BellWorld = browserBell()) {
  const unseen = ref(0)
  const last = ref('')
  const permission = ref<NotificationPermission>(notify?.permission ?? 'denied')
  const asleep = ref(!chimes.awake())
  let rings = 0

  /** Answers how to take the desktop notice away, for what is over before anybody looked. */
  function ring(chime: Chime, words: string): () => void {
    sound(chime)
    last.value = words
    if (!page.hasFocus()) unseen.value += 1
    return notify && permission.value === 'granted' ? post(notify, words) : () => {}
  }
  /** The sound alone: what was told already still asks. */
  function sound(chime: Chime): void {
    chimes.play(chime)
    asleep.value = !chimes.awake()
  }
  function post(Notice: typeof Notification, words: string): () => void {
    // A tag of its own each time: with a shared one the second arrival would replace the first in silence.
    const notice = new Notice(name(), { body: words, tag: `tongban-${(rings += 1)}` })
    notice.onclick = () => {
      window.focus()
      notice.close()
    }
    return () => notice.close()
  }
  /** From a click: lets the page sound and asks for desktop notices. */
  async function enable(): Promise<void> {
    await chimes.wake()
    asleep.value = !chimes.awake()
    if (notify && permission.value === 'default') permission.value = await notify.requestPermission()
  }
  const touched = () => void chimes.wake().then(() => (asleep.value = !chimes.awake()))
  const seen = () => (unseen.value = 0)

  page.addEventListener('pointerdown', touched, { once: true })
  page.addEventListener('keydown', touched, { once: true })
  window.addEventListener('focus', seen)
  watch([unseen, last], () => {
    page.title = unseen.value > 0 ? `(${unseen.value}) ${last.value}` : name()
  })
  onScopeDispose(() => {
    page.removeEventListener('pointerdown', touched)
    page.removeEventListener('keydown', touched)
    window.removeEventListener('focus', seen)
    page.title = name()
  })
  return { ring, sound, enable, unseen, last, permission, asleep }
}

export type Bell = ReturnType<typeof useBell>
