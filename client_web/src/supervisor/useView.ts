/** Follows the page's address, so that reloading, going back and a kept link all show the same. */
import { onScopeDispose, shallowRef } from 'vue'
import { readView, WALL, type View } from './view'

export function useView(page: Pick<Window, 'location' | 'addEventListener' | 'removeEventListener'> = window) {
  const view = shallowRef<View>(readView(page.location.hash))
  const follow = () => void (view.value = readView(page.location.hash))
  const go = (to: string) => void (page.location.hash = to)

  page.addEventListener('hashchange', follow)
  onScopeDispose(() => page.removeEventListener('hashchange', follow))
  return { view, go, home: () => go(WALL) }
}
