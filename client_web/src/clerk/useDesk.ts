/** The signed-in clerk's desk, put together once and handed to its panes. */
import { computed, inject, onMounted, provide, ref, watch, type InjectionKey, type Ref } from 'vue'
import { useCall } from '@/call/useCall'
import { useDevices } from '@/call/useDevices'
import { useConnected } from '@/wire/socket'
import { useBoard, type World } from '@/wire/world'
import { useHouseNow } from '@/wire/houseClock'
import type { BoardSnapshot, Me, WindowRow } from '@/wire/models'
import { useWords } from '@/words'
import { useActs } from '@/people/useActs'
import { useArrivals } from './useArrivals'
import { useBell } from '@/people/useBell'
import { callable, comingBack, isMine, ownLine } from './line'
import { useBroken } from './useBroken'
import { useOffer, useOfferBell } from './useOffer'
import { useOutcome } from './useOutcome'
import { usePages } from './usePages'
import { useReview } from './useReview'
import { useShortcuts } from './useShortcuts'
import { useWindow } from './useWindow'

export type Ask = 'pause' | 'return' | 'outcome' | 'keys' | 'missed' | 'left' | 'close' | 'park' | 'transfer'

function layDesk(world: World, me: Me, lostSession: (reason: string) => void, leave: () => Promise<void>) {
  const { t } = useWords()
  const acts = useActs(lostSession)
  const board = useBoard(world, () => me.office && `board:${me.office.id}`)
  const window = useWindow(world, board.snapshot, acts)
  const { visit } = window
  const review = useReview(world.api, visit, acts, window.refreshVisit)
  const outcome = useOutcome(visit, acts, review.sheets)
  const pages = usePages(computed(() => visit.value?.ticket.id))
  const line = useLine(me, board.snapshot, window.row)
  const now = useHouseNow(world.line, world.clock)
  const offer = useOffer(window.row, board.snapshot, now)
  const asking = ref<Ask | null>(null)
  const call = useDeskCall(world, window)
  const bell = useBell(() => t('common.name'))

  const broken = useBroken(window.row, board.snapshot, (row) => bell.ring('alert', t('clerk.news.broken', { number: row.number })))
  useOfferBell(offer, world.clock, {
    begin: (number, row) => bell.ring('offer', [t('clerk.news.offer', { number }), row?.matterName].filter(Boolean).join(' · ')),
    again: () => bell.sound('offer'),
  })
  useArrivals(board.snapshot, visit, {
    // Where clerks are rung, a ticket is news only to the one for whom it rings.
    ticket: (row) => !line.rings.value && isMine(row, me) && bell.ring('ticket', t('clerk.news.ticket', { number: row.number, matter: row.matterName })),
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
  // A table of keys must not hide a ringing ticket.
  watch(() => offer.offered.value !== null, (ringing) => ringing && asking.value === 'keys' && ask(null))
  const signOut = () => acts.act('signOut', leave)

  onMounted(() => void window.load())
  return {
    me, board, window, visit, review, outcome, pages, line, offer, broken, call, bell, acts, asking, ask, signOut, now,
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
  const ticket = computed(() => (window.talking.value ? visit.value!.ticket.id : null))
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

/** Who waits for this clerk, and how the office hands people on. */
function useLine(me: Me, board: Ref<BoardSnapshot | null>, window: Ref<WindowRow | null>) {
  const tickets = computed(() => board.value?.tickets ?? [])
  const waiting = computed(() => ownLine(tickets.value, me))
  return {
    waiting,
    callable: computed(() => callable(waiting.value, window.value)),
    later: computed(() => comingBack(tickets.value, me)),
    rings: computed(() => (board.value?.office ?? me.office)?.working === 'ring'),
  }
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
