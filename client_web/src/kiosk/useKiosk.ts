/**
 * The kiosk's whole journey, put together from its parts. The screen follows the ticket's row
 * as soon as there is one, so that a reload lands where the citizen was.
 */
import { computed, getCurrentScope, inject, onScopeDispose, ref, watch, type InjectionKey } from 'vue'
import type { CallSocket } from '@/call/messages'
import type { useCall } from '@/call/useCall'
import { useDevices } from '@/call/useDevices'
import { useAppearance, useChime } from '@/design'
import { useAct } from '@/wire/act'
import type { Device, Language, TakeTicket, VisitSnapshot } from '@/wire/models'
import { usePoint, type World } from '@/wire/world'
import { languageNow, speak } from '@/words'
import { screenOf, STAYS, type After, type Step } from './journey'
import { tidySlip } from './slip'
import { useDraft } from './useDraft'
import { useHeld } from './useHeld'
import { useIdle } from './useIdle'
import { useMoved } from './useMoved'
import { usePapers } from '@/papers/usePapers'
import { useStand, type Stand } from '@/stand/useStand'

type Call = ReturnType<typeof useCall>
/** so many seconds of silence on the waiting screen before it asks whether anybody is there */
const WAITS_S = 420

/** A ticket called to this kiosk while nobody of it stands here. */
function useCalledHere(world: World, device: () => Device | null, busy: () => boolean) {
  const point = usePoint(world, () => (device() ? `point:${device()!.point.id}` : null))
  return computed(() => {
    const mine = device()
    if (!mine || busy()) return null
    const rows = point.snapshot.value?.tickets ?? (mine.called ? [mine.called] : [])
    return rows.find((row) => row.state === 'calling' && row.kioskId === mine.id) ?? null
  })
}

/** The call comes with the screens behind the welcome, so that the welcome is there sooner. */
function useLater(parts: Parameters<typeof useCall>[0]) {
  const scope = getCurrentScope()!
  let call: Call | null = null
  const equip = (make: typeof useCall) => void (call ??= scope.run(() => make(parts))!)
  return { equip, call: () => call! }
}

/** Who am I? Asked at once, and again whenever the line was opened anew. */
function keepAsking(line: World['line'], stand: Stand): void {
  const ask = () => void stand.ask()
  for (const event of ['signed_out', 'connect'] as const) line.on(event, ask)
  onScopeDispose(() => {
    for (const event of ['signed_out', 'connect'] as const) line.off(event, ask)
  })
  ask()
}

export function useKiosk(world: World, media = useDevices()) {
  const { api, clock, line } = world
  const { elder } = useAppearance()
  const stand = useStand(world)
  const draft = useDraft(clock.now)
  const papers = usePapers(world)
  const chime = useChime()
  const act = useAct()
  const held = useHeld(world, act)
  const { ticketId, visit, watched } = held

  const step = ref<Step>('welcome')
  const after = ref<After>('result')
  const photographing = ref(false)
  /** gone on without picture or sound, or in a language that is not his: the hall's staff are asked to come */
  const needsStaff = ref(false)
  /** the language of the page is his own choice, whatever the ticket's is */
  let takenHere = false

  const screen = computed(() => screenOf(stand.state.value, step.value, held.state.value, after.value))
  const moved = useMoved(visit, () => void watched.refresh())
  const called = useCalledHere(world, () => stand.device.value, () => ticketId.value !== null)
  const later = useLater({
    ticket: computed(() => (held.live.value ? ticketId.value : null)),
    member: 'citizen',
    socket: line as unknown as CallSocket,
    iceServers: () => (stand.device.value?.iceServers ?? []) as RTCIceServer[],
    local: media.stream,
    sending: computed(() => held.state.value === 'connected' || held.arriving.value),
  })
  // The camera is on only where the citizen can see why.
  const cameraWanted = computed(() => screen.value === 'check' || held.live.value || photographing.value)
  watch(cameraWanted, (wanted) => (wanted ? void media.open() : media.close()))

  const touched = computed(() => screen.value !== 'welcome' || elder.value || languageNow() !== 'zh-CN')
  const idle = useIdle({
    watching: computed(() => !STAYS.has(screen.value) && touched.value),
    // Who was told to sit and wait is not asked each minute; the offer after five minutes is to be seen.
    askS: computed(() => (screen.value === 'ticket' ? WAITS_S : (stand.device.value?.idleAskS ?? 60))),
    wipeS: computed(() => stand.device.value?.idleWipeS ?? 30),
    gone: () => void wipe(),
  }, clock, window)

  function hold(id: string): void {
    after.value = 'result'
    ticketId.value = id
    step.value = 'visit'
  }
  function adopt(taken: VisitSnapshot): void {
    hold(taken.ticket.id)
    watched.take(taken)
    draft.forget()
  }
  function go(to: Step): void {
    act.clear()
    step.value = to
  }
  async function begin(): Promise<void> {
    void api('PUT /api/device/use', { body: { inUse: true } }).catch(() => {})
    if (await act.run(async () => draft.offer(await api('GET /api/regions')))) step.value = 'region'
  }
  /** Hand the draft in; `send` is the door it goes to. Answers whether it was taken. */
  async function handIn(send: (body: TakeTicket) => Promise<VisitSnapshot>, language = languageNow()): Promise<boolean> {
    const body = draft.ticket({ language, elder: elder.value })
    const taken = await act.run(async () => {
      const visited = await send(body)
      takenHere = true
      adopt(visited)
    })
    draft.faults.value = act.refused.value?.fields ?? {}
    if (['name', 'idNumber', 'phone'].some((field) => field in draft.faults.value)) step.value = 'who'
    return taken
  }
  async function takeTicket(language?: Language): Promise<void> {
    if ((await handIn((body) => api('POST /api/tickets', { body }), language)) && needsStaff.value) void held.help(true)
  }
  async function resume(slip: string, lastFour: string): Promise<void> {
    const body = { slip: tidySlip(slip), lastFour: lastFour.trim().toUpperCase() }
    await act.run(async () => adopt(await api('POST /api/tickets/resume', { body })))
  }
  async function rate(level: number, codes: string[], words: string): Promise<void> {
    if (await held.rate(level, codes, words)) after.value = 'thanks'
  }
  async function release(): Promise<void> {
    if (await held.release()) await forget()
  }
  async function cancel(): Promise<void> {
    if (await held.cancel()) await finish()
  }
  /** The visit is over: the device forgets it, here and at the house. */
  async function finish(): Promise<void> {
    const visited = ticketId.value !== null
    await forget()
    if (visited) await held.done()
  }
  async function forget(): Promise<void> {
    ticketId.value = null
    step.value = 'welcome'
    photographing.value = needsStaff.value = elder.value = takenHere = false
    draft.forget()
    papers.forget()
    act.clear()
    await speak('zh-CN')
  }
  /** Leave no trace; what the house is told depends on how far he came. */
  async function wipe(): Promise<void> {
    if (STAYS.has(screen.value)) return
    if (screen.value === 'ticket') return release()
    if (ticketId.value) return finish()
    void api('PUT /api/device/use', { body: { inUse: false } }).catch(() => {})
    await forget()
  }

  watch(() => stand.device.value?.holding, (holding) => holding && !ticketId.value && hold(holding))
  // Called while he looked at something else: this comes first.
  watch(held.live, (live) => live && (step.value = 'visit'))
  watch(watched.refused, (refused) => refused && void forget())
  watch(visit, (now, before) => {
    if (!now || before || takenHere) return
    elder.value = now.ticket.elder
    void speak(now.ticket.language)
  })
  keepAsking(line, stand)

  const arrive = () => held.arrive(() => later.call().sayReady())
  return {
    stand, draft, papers, chime, act, media, idle, equip: later.equip,
    get call(): Call {
      return later.call()
    },
    visit, moved, screen, after, called, photographing, needsStaff,
    held, go, begin, adopt, handIn, takeTicket, resume, arrive, help: held.help, release, cancel, rate, finish, wipe,
  }
}

export type Kiosk = ReturnType<typeof useKiosk>
export const KIOSK: InjectionKey<Kiosk> = Symbol('kiosk')

/** The journey of the kiosk this component is a part of. */
export function theKiosk(): Kiosk {
  const kiosk = inject(KIOSK)
  if (!kiosk) throw new Error('there is no kiosk here')
  return kiosk
}
