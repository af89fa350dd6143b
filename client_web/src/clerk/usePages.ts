/** Page images of papers, fetched once as this face and kept while the visit is in view. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'

const KEPT = 40

export function usePages(visitId: Ref<string | null | undefined>, look: typeof fetch = (input, init) => fetch(input, init)) {
  const kept = new Map<string, Promise<string>>()

  /** The address of an object that holds page `n` (from 1) of a paper. Rejects when the house does not give it. */
  function page(paperId: string, n: number): Promise<string> {
    const name = `/api/papers/${encodeURIComponent(paperId)}/pages/${n}`
    const known = kept.get(name) ?? read(name)
    kept.delete(name)
    kept.set(name, known)
    known.catch(() => kept.delete(name))
    if (kept.size > KEPT) drop(kept.keys().next().value!)
    return known
  }
  async function read(name: string): Promise<string> {
    const answer = await look(name, { headers: { 'X-Tongban-Face': 'clerk' }, credentials: 'same-origin' })
    if (!answer.ok) throw new Error(String(answer.status))
    return URL.createObjectURL(await answer.blob())
  }
  function drop(name: string): void {
    kept.get(name)?.then((url) => URL.revokeObjectURL(url)).catch(() => {})
    kept.delete(name)
  }
  const forget = () => [...kept.keys()].forEach(drop)

  watch(visitId, forget)
  onScopeDispose(forget)
  return { page }
}

export type Pages = ReturnType<typeof usePages>

/** The picture of one page, following its paper and number; the next page is fetched ahead. */
export function usePagePicture(pages: Pages, paperId: Ref<string>, n: Ref<number>, last: Ref<number>) {
  const url = ref<string | null>(null)
  const failed = ref(false)
  const tries = ref(0)

  watch([paperId, n, tries], async ([id, number], _, onCleanup) => {
    let current = true
    onCleanup(() => (current = false))
    failed.value = false
    try {
      const found = await pages.page(id, number)
      if (!current) return
      url.value = found
      if (number < last.value) void pages.page(id, number + 1).catch(() => {})
    } catch {
      if (current) failed.value = true
    }
  }, { immediate: true })
  return { url, failed, again: () => tries.value++ }
}
