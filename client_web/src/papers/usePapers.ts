/** Handing papers over: send the bytes, compare the digest, fetch the house's own picture of each page. */
import { onScopeDispose, reactive, ref } from 'vue'
import { useAct } from '@/wire/act'
import type { PaperRow } from '@/wire/models'
import type { World } from '@/wire/world'

export const LARGEST_BYTES = 20 * 1024 * 1024
export const ACCEPTED = 'application/pdf,image/jpeg,image/png'
export type PaperFault = 'large' | 'empty' | 'differs'

async function digest(blob: Blob): Promise<string | null> {
  // crypto.subtle is there on a secure origin only; the house's digest is shown in any case.
  if (!globalThis.crypto?.subtle) return null
  const hash = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function usePapers(world: Pick<World, 'api'>) {
  const act = useAct()
  /** the materials that papers are on their way for; they go one after the other */
  const sending = reactive(new Set<number>())
  let before: Promise<unknown> = Promise.resolve()
  /** the material the last failure belongs to */
  const at = ref<number | null>(null)
  const fault = ref<PaperFault | null>(null)
  const pictures = reactive(new Map<string, string>())

  function refuseHere(blob: Blob): PaperFault | null {
    if (blob.size > LARGEST_BYTES) return 'large'
    return blob.size === 0 ? 'empty' : null
  }
  /**
   * Send one paper. Answers its row, or null: then `fault` or `act` says why.
   * `old`: the paper it takes the place of; one that nobody has judged yet is withdrawn once the new one is in.
   */
  async function send(ticket: string, material: number, blob: Blob, old: PaperRow | null = null): Promise<PaperRow | null> {
    if (sending.has(material)) return null
    sending.add(material)
    const mine = before.then(async () => {
      const row = await hand(ticket, material, blob)
      if (row && !fault.value && old?.state === 'submitted') await withdraw(old)
      return row
    })
    before = mine
    return mine.finally(() => sending.delete(material))
  }
  async function hand(ticket: string, material: number, blob: Blob): Promise<PaperRow | null> {
    at.value = material
    act.clear()
    fault.value = refuseHere(blob)
    if (fault.value) return null
    let row: PaperRow | null = null
    await act.run(async () => {
      row = await world.api('POST /api/tickets/{id}/papers', { path: { id: ticket }, query: { material }, bytes: blob })
      const mine = await digest(blob)
      if (mine && mine !== row.sha256) fault.value = 'differs'
    })
    return row
  }
  /** The new paper counts in any case: an old one that was judged meanwhile stays as it is. */
  const withdraw = (old: PaperRow) => world.api('POST /api/papers/{id}/withdraw', { path: { id: old.id } }).catch(() => {})

  /** Fetch the picture of a paper's first page, once. */
  async function show(paper: PaperRow): Promise<void> {
    if (pictures.has(paper.id)) return
    pictures.set(paper.id, '')
    try {
      const page = await world.api('GET /api/papers/{id}/pages/{n}', { path: { id: paper.id, n: '1' } })
      pictures.set(paper.id, URL.createObjectURL(page))
    } catch {
      pictures.delete(paper.id)
    }
  }
  function forget(): void {
    for (const address of pictures.values()) if (address) URL.revokeObjectURL(address)
    pictures.clear()
    act.clear()
    fault.value = at.value = null
  }
  onScopeDispose(forget)
  return { sending, at, fault, refused: act.refused, lost: act.lost, pictures, send, show, forget }
}

export type Papers = ReturnType<typeof usePapers>

/** The newest paper of a material, or null. */
export function newest(papers: readonly PaperRow[], materialNo: number): PaperRow | null {
  const mine = papers.filter((paper) => paper.materialNo === materialNo)
  return mine.sort((a, b) => b.turn - a.turn || b.at.localeCompare(a.at))[0] ?? null
}
