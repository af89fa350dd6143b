/** Why a ticket stands where it stands: asked when somebody wants to know, and again whenever the office's line has moved. */
import { onScopeDispose, shallowRef, watch } from 'vue'
import { useAct } from '@/wire/act'
import type { Api } from '@/wire/api'
import type { Clock, Stop } from '@/wire/clock'
import type { Why } from '@/wire/models'

/** A line that moves all the time is asked about at most this often. */
export const AGAIN_MS = 3000

export function useWhy({ api, clock }: { api: Api; clock: Clock }, ticketId: string, moved: () => unknown) {
  const why = shallowRef<Why | null>(null)
  const act = useAct()
  let due: Stop | null = null

  const ask = () => act.run(async () => {
    why.value = await api('GET /api/tickets/{id}/why', { path: { id: ticketId } })
  })
  function soon(): void {
    due ??= clock.after(AGAIN_MS, () => {
      due = null
      void ask()
    })
  }
  watch(moved, soon)
  onScopeDispose(() => due?.())
  void ask()
  return { why, ask, ...act }
}
