/** Asks how many clerks an office needs. A newer question makes the older one's answer void. */
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { Refused, type Api } from '@/wire/api'
import type { Staffing } from '@/wire/models'

export function useStaffing({ api }: { api: Api }, office: string, within: Ref<number>) {
  const answer = shallowRef<Staffing | null>(null)
  const busy = ref(false)
  /** why there is no answer: the house's own words, or an empty text when it was not reached */
  const problem = ref<string | null>(null)
  let turn = 0

  async function ask(): Promise<void> {
    const mine = (turn += 1)
    busy.value = true
    problem.value = null
    try {
      const fresh = await api('GET /api/staffing/{office}', { path: { office }, query: { within: within.value } })
      if (mine === turn) answer.value = fresh
    } catch (why) {
      if (mine === turn) problem.value = why instanceof Refused ? why.text : ''
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  watch(within, ask)
  onScopeDispose(() => (turn = -1))
  void ask()
  return { answer, busy, problem, ask }
}
