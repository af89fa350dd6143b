/** The clerk's window and the verbs of its day. The row is the house's; board facts move it. */
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import type { BoardSnapshot, IceServer, TransferTo, VisitSnapshot, WindowAnswer, WindowRow } from '@/wire/models'
import { useVisit, type World } from '@/wire/world'
import type { Acts } from '@/people/useActs'

/** The house makes the window ready by itself after this long (domain §2.11). */
export const WRAP_UP_S = 120

/** What a clerk may say; that nobody answered, the house says (`no_answer`). */
export const PAUSE_REASONS = ['break', 'meeting', 'other'] as const satisfies WindowRow['pauseReason'][]
/** From here a clerk may pause: free, rung, or done with a call. */
export const PAUSABLE: WindowRow['state'][] = ['idle', 'offered', 'wrap_up']
export type PauseReason = (typeof PAUSE_REASONS)[number]

export function useWindow(world: World, board: Ref<BoardSnapshot | null>, { act }: Acts) {
  const { api } = world
  const row = shallowRef<WindowRow | null>(null)
  const iceServers = shallowRef<IceServer[]>([])
  const loaded = ref(false)
  const ticketId = ref<string | null>(null)
  const watched = useVisit(world, () => ticketId.value && `ticket:${ticketId.value}`)
  const visit = watched.snapshot
  const state = computed(() => row.value?.state ?? 'offline')

  /** Called or in the call, and still with this window. */
  const talking = computed(() => ['ringing', 'busy'].includes(state.value) && ['calling', 'connected'].includes(visit.value?.ticket.state ?? ''))

  function adopt(next: WindowRow | null): void {
    row.value = next
    // Who is only offered is nobody's visit yet: the board says all that may be known.
    if (next?.ticketId && next.state !== 'offered') ticketId.value = next.ticketId
    // What was just handled stays in view while it is being wrapped up.
    else if (next?.state !== 'wrap_up') ticketId.value = null
  }
  function answered(answer: WindowAnswer): void {
    iceServers.value = answer.iceServers
    adopt(answer.window)
    if (answer.visit && answer.window.state !== 'offered') see(answer.visit)
  }
  function see(fresh: VisitSnapshot): void {
    ticketId.value = fresh.ticket.id
    watched.take(fresh)
  }
  async function load(): Promise<void> {
    answered(await api('GET /api/window'))
    loaded.value = true
  }
  const about = () => ({ path: { id: ticketId.value ?? '' } })
  /** A verb, after which the window stands elsewhere. */
  const move = (name: string, run: () => Promise<unknown>) => act(name, async () => {
    await run()
    await load()
  })

  watch(() => board.value?.windows.find((one) => one.id === row.value?.id), (next) => next && adopt(next))

  return {
    row,
    state,
    loaded,
    iceServers,
    visit,
    talking,
    visitStale: watched.stale,
    refreshVisit: watched.refresh,
    load: () => act('load', load),
    open: () => move('open', () => api('POST /api/window/open')),
    close: () => move('close', () => api('POST /api/window/close')),
    ready: () => move('ready', () => api('POST /api/window/ready')),
    pause: (reason: PauseReason) => move('pause', () => api('POST /api/window/pause', { body: { reason } })),
    next: () => move('next', async () => see(await api('POST /api/window/next'))),
    accept: () => move('accept', async () => see(await api('POST /api/window/accept'))),
    recall: () => move('recall', () => api('POST /api/tickets/{id}/recall', about())),
    missed: () => move('missed', () => api('POST /api/tickets/{id}/missed', about())),
    left: () => move('left', () => api('POST /api/tickets/{id}/left', about())),
    park: () => move('park', () => api('POST /api/tickets/{id}/park', about())),
    transfer: (to: TransferTo) => move('transfer', () => api('POST /api/tickets/{id}/transfer', { ...about(), body: to })),
    targets: () => api('GET /api/tickets/{id}/transfer-targets', about()),
    end: (run: () => Promise<VisitSnapshot>) => move('outcome', async () => see(await run())),
  }
}

export type Window = ReturnType<typeof useWindow>
