/** The tab's title tells what nobody has taken note of yet, also while the wall lies behind another tab. */
import { onScopeDispose, watchEffect } from 'vue'

export function useTitle(open: () => number, first: () => string, name: () => string, page: Pick<Document, 'title'> = document): void {
  watchEffect(() => {
    page.title = open() > 0 ? `(${open()}) ${first()}` : name()
  })
  onScopeDispose(() => {
    page.title = name()
  })
}
