/** The boards of all offices a supervisor watches: one snapshot for all, then facts, each board on its own version. */
import { computed, effectScope, getCurrentScope, onScopeDispose, ref, shallowRef, type EffectScope } from 'vue'
import { Refused, type Api } from '@/wire/api'
import type { Clock, Stop } from '@/wire/clock'
import type { BoardSnapshot } from '@/wire/models'
import { useSubject, type Watched } from '@/wire/subject'
import type { World } from '@/wire/world'

/** A new line makes every board ask at once: so many ms are waited for company. */
const GATHER_MS = 30
const AGAIN_MS = 3000

type Asker = { subject: string; kept(board: BoardSnapshot): void; broken(why: unknown): void }

/** Fetches boards; those asked for at the same moment come in one answer. */
export function gathering(api: Api, clock: Pick<Clock, 'after'>): (subject: string) => Promise<BoardSnapshot> {
  let askers: Asker[] = []
  async function ask(these: Asker[]): Promise<void> {
    const fetched = new Map<string, BoardSnapshot>()
    if (these.length > 1) for (const board of await api('GET /api/boards')) fetched.set(board.subject, board)
    await Promise.all(these.map(async ({ subject, kept }) => {
      const office = subject.slice(subject.indexOf(':') + 1)
      kept(fetched.get(subject) ?? (await api('GET /api/boards/{office}', { path: { office } })))
    }))
  }
  function go(): void {
    const these = askers
    askers = []
    ask(these).catch((why: unknown) => these.forEach(({ broken }) => broken(why)))
  }
  return (subject) => new Promise((kept, broken) => {
    if (askers.push({ subject, kept, broken }) === 1) clock.after(GATHER_MS, go)
  })
}

export function useBoards({ api, line, clock }: Pick<World, 'api' | 'line' | 'clock'>, refusedAll: (code: string) => void) {
  const watched = shallowRef<Watched<BoardSnapshot>[]>([])
  const loaded = ref(false)
  const outer = getCurrentScope()
  let scope: EffectScope | null = null
  let again: Stop = () => {}

  function follow(boards: BoardSnapshot[]): void {
    scope?.stop()
    scope = outer!.run(() => effectScope())!
    const fetch = gathering(api, clock)
    watched.value = scope.run(() => boards.map((board) => {
      const one = useSubject<BoardSnapshot>(board.subject, { line, clock, fetch })
      one.take(board)
      return one
    }))!
    loaded.value = true
  }
  async function load(): Promise<void> {
    again()
    try {
      follow(await api('GET /api/boards'))
    } catch (why) {
      if (why instanceof Refused && why.status === 401) refusedAll(why.code)
      else again = clock.after(AGAIN_MS, () => void load())
    }
  }
  onScopeDispose(() => again())
  void load()

  return {
    loaded,
    boards: computed(() => watched.value.flatMap(({ snapshot }) => snapshot.value ?? [])),
    stale: computed(() => watched.value.some((one) => one.stale.value)),
    /** when the house was last heard of every board, ms of this machine's clock */
    heardAt: computed(() => Math.min(...watched.value.map((one) => one.heardAt.value))),
  }
}
