/** The signed-in clerk's desk, put together once and handed to its panes. */
import { computed, inject, onMounted, provide, ref, watch, type InjectionKey } from 'vue'
import { useCall } from '@/call/useCall'
import { useDevices } from '@/call/useDevices'
import { useConnected } from '@/wire/socket'
import { useBoard, type World } from '@/wire/world'
import { useNow } from '@/wire/clock'
import type { Me, TicketRow } from '@/wire/models'
import { useWords } from '@/words'
import { useActs } from '@/people/useActs'
import { useArrivals } from './useArrivals'
import { useBell } from '@/people/useBell'
import { useOutcome } from './useOutcome'
import { usePages } from './usePages'
import { useReview } from './useReview'
import { useShortcuts } from './useShortcuts'
import { useWindow } from './useWindow'

export type Ask = 'pause' | 'return' | 'outcome' | 'keys' | 'missed' | 'left' | 'close'

function layDesk(world: World, me: Me, lostSession: (reason: string) => void, leave: () => Promise<void>) {
  const { t } = useWords()
  const acts = useActs(lostSession)
  const board = useBoard(world, () => me.office && `board:${me.office.id}`)
  const window = useWindow(world, board.snapshot, acts)
  const { visit } = window
  const review = useReview(world.api, visit, acts, window.refreshVisit)
  const outcome = useOutcome(visit, acts, review.sheets)
  const pages = usePages(computed(() => visit.value?.ticket.id))
  const line = computed(() => ownLine(board.snapshot.value?.tickets ?? [], me))
  const asking = ref<Ask | null>(null)
  const call = useDeskCall(world, window)
  const bell = useBell(() => t('common.name'))

  useArrivals(board.snapshot, visit, {
    ticket: (row) => isMine(row, me) && bell.ring('ticket', t('clerk.news.ticket', { number: row.number, matter: row.matterName })),
    answered: (row) => bell.ring('answered', t('clerk.news.answered', { number: row.number })),
    paper: (paper) => bell.ring('paper', t('clerk.news.paper', { name: materialName(paper.materialNo) })),
  })
  function materialName(no: number): string {
    return visit.value?.matter.materials.find((one) => one.no === no)?.name ?? ''
  }
  /** Opens a question; a fresh one forgets what was refused before. */
  function ask(what: Ask | null): void {
    acts.forget()
    asking.value = what
  }
  const signOut = () => acts.act('signOut', leave)

  onMounted(() => void window.load())
  return {
    me, board, window, visit, review, outcome, pages, line, call, bell, acts, asking, ask, signOut,
    now: useNow(world.clock),
    online: useConnected(world.line),
  }
}

/** The desk with its keys. */
export function makeDesk(...parts: Parameters<typeof layDesk>) {
  const desk = layDesk(...parts)
  return { ...desk, shortcuts: useShortcuts(desk) }
}

/** The camera is open while the window is; it is sent only to a citizen who has said "I am here". */
function useDeskCall(world: World, window: ReturnType<typeof useWindow>) {
  const devices = useDevices()
  const { visit } = window
  const heardReady = ref<string | null>(null)
  const ticket = computed(() => (['calling', 'connected'].includes(visit.value?.ticket.state ?? '') ? visit.value!.ticket.id : null))
  const sending = computed(() => visit.value?.ticket.state === 'connected' || (ticket.value !== null && heardReady.value === ticket.value))
  const call = useCall({
    ticket, member: 'clerk', socket: world.line, iceServers: window.iceServers, local: devices.stream, sending,
  })
  call.onReady(() => {
    heardReady.value = ticket.value
    // The page was told at once; the row says so too, a moment later.
    void window.refreshVisit()
  })
  watch(() => window.state.value !== 'offline', (open) => (open ? void devices.open() : devices.close()), { immediate: true })
  return { ...call, devices, sending }
}

function isMine(row: TicketRow, me: Me): boolean {
  return me.lines.length === 0 || me.lines.some((line) => line.id === row.lineId)
}

/** Those who wait on this clerk's lines: priority first, then by how long they wait. */
function ownLine(tickets: TicketRow[], me: Me): TicketRow[] {
  const rank = (row: TicketRow) => (row.lane === 'priority' ? 0 : 1)
  return tickets
    .filter((row) => row.state === 'waiting' && isMine(row, me))
    .sort((a, b) => rank(a) - rank(b) || a.since.localeCompare(b.since))
}

export type BareDesk = ReturnType<typeof layDesk>
export type Desk = ReturnType<typeof makeDesk>
const KEY: InjectionKey<Desk> = Symbol('desk')

export function provideDesk(desk: Desk): void {
  provide(KEY, desk)
}
/** The desk around this pane. */
export function useDesk(): Desk {
  const desk = inject(KEY)
  if (!desk) throw new Error('no desk around')
  return desk
}
