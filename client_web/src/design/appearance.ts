/** Elder mode and the dark wall: one attribute on <html> each, the tokens do the rest. */
import { ref, watch, type Ref } from 'vue'

export interface Appearance {
  elder: Ref<boolean>
}

const elder = ref(false)
let kept: Storage | null = null

watch(elder, (on) => {
  document.documentElement.toggleAttribute('data-elder', on)
  kept?.setItem('tongban.elder', on ? '1' : '')
}, { flush: 'sync' })

/** The page's appearance; shared by all who ask. */
export function useAppearance(): Appearance {
  return { elder }
}

/** For a face with one owner (a clerk's desk): the choice outlives the page. A kiosk never calls this. */
export function keepAppearance(storage: Storage): void {
  kept = storage
  elder.value = storage.getItem('tongban.elder') === '1'
}
