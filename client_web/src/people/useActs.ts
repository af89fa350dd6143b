/** One act at a time: which one is under way, and what the house said when it refused. */
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
  /** Runs `run` unless another act is under way; answers whether it was done. */
  async function act(name: string, run: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = name
    forget()
    try {
      await run()
      return true
    } catch (why) {
      tell(why)
      return false
    } finally {
      busy.value = null
    }
  }
  /** For small answers given in a row: none waits for the screen, each waits for the one before it. */
  let row: Promise<unknown> = Promise.resolve()
  function inRow(run: () => Promise<unknown>): Promise<boolean> {
    const done = row.then(run).then(() => true, (why: unknown) => {
      tell(why)
      return false
    })
    row = done
    return done
  }
  function forget(): void {
    problem.value = null
    fields.value = {}
  }
  return { busy, problem, fields, act, inRow, forget }
}

export type Acts = ReturnType<typeof useActs>
