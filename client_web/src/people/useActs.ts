/** One act at a time, in the order pressed: which one is under way, and what the house said when it refused. */
import { ref } from 'vue'
import { Refused } from '@/wire/api'
import { useWords } from '@/words'

export function useActs(lostSession: (reason: string) => void) {
  const { t } = useWords()
  const busy = ref<string | null>(null)
  const problem = ref<string | null>(null)
  const fields = ref<Record<string, string>>({})

  function tell(why: unknown): void {
    if (why instanceof Refused && why.status === 401) lostSession(why.code)
    problem.value = why instanceof Refused ? why.text || t('common.wentWrong') : t('common.unreachable')
    fields.value = why instanceof Refused ? why.fields : {}
  }
  /** What was pressed is done in its turn: none is lost, and the same one pressed twice is done once. */
  let before: Promise<unknown> = Promise.resolve()
  const pressed = new Set<string>()
  function inRow(run: () => Promise<unknown>): Promise<boolean> {
    const done = before.then(run).then(() => true, (why: unknown) => {
      tell(why)
      return false
    })
    before = done
    return done
  }
  /** A verb of the screen, under its name; answers whether it was done. */
  function act(name: string, run: () => Promise<unknown>): Promise<boolean> {
    if (pressed.has(name)) return Promise.resolve(false)
    pressed.add(name)
    busy.value ??= name
    return inRow(() => {
      busy.value = name
      forget()
      return run()
    }).finally(() => {
      pressed.delete(name)
      if (busy.value === name) busy.value = null
    })
  }
  function forget(): void {
    problem.value = null
    fields.value = {}
  }
  return { busy, problem, fields, act, inRow, forget }
}

export type Acts = ReturnType<typeof useActs>
