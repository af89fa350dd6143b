/** Everything the wall shows, derived from the boards and the moment. */
import { computed, inject, provide, ref, type InjectionKey } from 'vue'
import { makeChimes } from '@/people/chime'
import type { Session } from '@/people/useSession'
import { useNow } from '@/wire/clock'
import { useHouseNow } from '@/wire/houseClock'
import type { Me } from '@/wire/models'
import type { World } from '@/wire/world'
import { useWords } from '@/words'
import { headline, inFull } from './alertWords'
import { alertsOf } from './alerts'
import { figuresOf } from './figures'
import { hoursOf } from './hours'
import { officeRows, pageOf } from './offices'
import { useAlarm } from './useAlarm'
import { useBoards } from './useBoards'
import { useNews } from './useNews'
import { useSeen } from './useSeen'
import { useTitle } from './useTitle'
import { useView } from './useView'

export const ROWS = 9
const TURN_MS = 15_000

export function makeWall(world: World, me: Me, session: Session) {
  const { t } = useWords()
  const { boards, loaded, stale, heardAt } = useBoards(world, session.end)
  const seen = useSeen(world.line)
  const ticking = useHouseNow(world.line, world.clock)
  const here = useNow(world.clock)
  // What has stopped coming in must not go on counting as if it were known.
  const houseNow = computed(() => (stale.value ? ticking.value - (here.value - heardAt.value) : ticking.value))
  const all = computed(() => alertsOf(boards.value, seen.value, houseNow.value))
  const alarm = useAlarm((alert) => inFull(alert, t), { chimes: makeChimes(), kept: localStorage })
  const news = useNews(all, loaded, { now: () => houseNow.value, kept: localStorage, tell: alarm.tell })
  useTitle(() => news.open.value.length, () => headline(news.open.value[0]!, t), () => t('common.name'))
  const sorted = computed(() => officeRows(boards.value, news.listed.value, houseNow.value))
  const pages = usePages(world, () => sorted.value.rows.length)

  return {
    me, session, boards, loaded, stale, heardAt, now: houseNow, news, alarm, pages, ...useView(),
    ageS: computed(() => Math.max(0, Math.floor((here.value - heardAt.value) / 1000))),
    figures: computed(() => figuresOf(boards.value, houseNow.value)),
    hours: computed(() => hoursOf(boards.value, houseNow.value)),
    idle: computed(() => sorted.value.idle),
    shown: computed(() => pageOf(sorted.value.rows, pages.page.value, ROWS)),
  }
}

/** Too many rows for one screen turn by themselves, until somebody holds them. */
function usePages({ clock }: Pick<World, 'clock'>, rows: () => number) {
  const held = ref(false)
  const now = useNow(clock, TURN_MS)
  const started = now.value
  const turned = computed(() => Math.floor((now.value - started) / TURN_MS))
  const base = ref(0)
  const turn = (by: number) => {
    base.value += by
  }
  function hold(): void {
    // Stay on the page in view, and go on from it.
    base.value = held.value ? base.value - turned.value : base.value + turned.value
    held.value = !held.value
  }
  const many = computed(() => rows() > ROWS)
  return { page: computed(() => base.value + (held.value ? 0 : turned.value)), held, many, turn, hold }
}

export type Wall = ReturnType<typeof makeWall>
const KEY: InjectionKey<Wall> = Symbol('wall')
export const provideWall = (wall: Wall) => provide(KEY, wall)
/** The wall around this panel. */
export function useWall(): Wall {
  const wall = inject(KEY)
  if (!wall) throw new Error('no wall around')
  return wall
}
