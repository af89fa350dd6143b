/** The assistant's desk: the point, the ticket that is open, its papers and its call. Nothing here judges. */
import { computed, inject, onScopeDispose, provide, ref, shallowRef, watch, type InjectionKey } from 'vue'
import { useCall } from '@/call/useCall'
import { newest, usePapers } from '@/papers/usePapers'
import { useActs } from '@/people/useActs'
import { useBell } from '@/people/useBell'
import type { Session } from '@/people/useSession'
import { useHouseNow } from '@/wire/houseClock'
import type { Me, Wait } from '@/wire/models'
import { useConnected } from '@/wire/socket'
import type { ToldPlace } from '@/wire/events'
import { usePoint, useVisit, type World } from '@/wire/world'
import { useWords } from '@/words'
import { revivable } from './missed'
import { asking, inOrder, newlyAsking } from './point'

/** The groups that go before others (domain §2.11). */
export const GROUPS = ['elderly', 'disabled', 'pregnant', 'ill', 'military', 'martyrs_family', 'fire_rescue'] as const
export type Group = (typeof GROUPS)[number]

export function makeAssistant(world: World, me: Me, session: Session) {
  const { t } = useWords()
  const { api, line } = world
  const point = usePoint(world, () => (me.point ? `point:${me.point.id}` : null))
  const openId = ref<string | null>(null)
  const watched = useVisit(world, () => openId.value && `ticket:${openId.value}`)
  const visit = watched.snapshot
  const acts = useActs(session.end)
  const bell = useBell(() => t('common.name'))
  const papers = usePapers(world)
  const tickets = computed(() => point.snapshot.value?.tickets ?? [])
  const wait = shallowRef<Wait | null>(null)
  const now = useHouseNow(line, world.clock)

  function open(id: string | null): void {
    acts.forget()
    papers.forget()
    openId.value = id
  }
  const about = (id: string) => ({ path: { id } })
  const answerHelp = (id: string) => acts.act(`help-${id}`, () => api('POST /api/tickets/{id}/help/answered', about(id)))
  const markPriority = (id: string, group: Group) =>
    acts.act('priority', () => api('POST /api/tickets/{id}/priority', { ...about(id), body: { group, evidence: true } }))
  /** Back into the line after being missed: once, within half an hour. */
  const revive = (id: string) => acts.act(`revive-${id}`, () => api('POST /api/tickets/{id}/revive', about(id)))
  /** A wrong sheet, before the clerk has looked at it. */
  const withdraw = (id: string) => acts.act(`withdraw-${id}`, () => api('POST /api/papers/{id}/withdraw', about(id)))
  const placed = (place: ToldPlace) => {
    if (place.ticket === openId.value) wait.value = place.wait
  }

  watch(point.snapshot, (now, before) => {
    if (now) for (const row of newlyAsking(now, before)) bell.ring('help', t('assistant.news.help', { number: row.number }))
  })
  watch(visit, (seen) => (wait.value = seen?.wait ?? null))
  line.on('place', placed)
  onScopeDispose(() => line.off('place', placed))

  return {
    me, session, point, visit, acts, bell, papers, openId, open, answerHelp, markPriority, revive, withdraw,
    refused: watched.refused,
    wait: computed(() => (visit.value?.ticket.state === 'waiting' ? wait.value : null)),
    missed: computed(() => revivable(point.snapshot.value?.missed ?? [], now.value)),
    now,
    online: useConnected(line),
    kiosks: computed(() => point.snapshot.value?.kiosks ?? []),
    rows: computed(() => inOrder(tickets.value)),
    help: computed(() => asking(tickets.value)),
    sheets: computed(() => (visit.value?.matter.materials ?? []).map((material) => ({ material, paper: newest(visit.value!.papers, material.no) }))),
    call: useBystander(world, () => (['calling', 'connected'].includes(visit.value?.ticket.state ?? '') ? visit.value!.ticket.id : null)),
  }
}

/** In the call's room without a camera: only to hear how the call stands. */
function useBystander(world: World, ticket: () => string | null) {
  return useCall({ ticket, member: 'assistant', socket: world.line, iceServers: [], local: ref(null), sending: ref(false) })
}

export type Assistant = ReturnType<typeof makeAssistant>
const KEY: InjectionKey<Assistant> = Symbol('assistant')
export const provideAssistant = (desk: Assistant) => provide(KEY, desk)
export function useAssistant(): Assistant {
  const desk = inject(KEY)
  if (!desk) throw new Error('no assistant around')
  return desk
}
