/** What is missing before a visit can be accepted, and the form in which its outcome is written down. */
import { computed, reactive, watch, type ComputedRef, type Ref } from 'vue'
import type { OutcomeBody, OutcomeKind, VisitSnapshot } from '@/wire/models'
import type { Acts } from '@/people/useActs'
import type { Sheet } from './useReview'

export const OUTCOMES: OutcomeKind[] = ['accepted', 'not_accepted', 'correction_needed', 'consultation_only']
type Blank = 'homeNumber' | 'reason' | 'basis' | 'words'

/** What each outcome asks for; the first ones must be filled in, `words` never has to. */
export const ASKED: Record<OutcomeKind, Blank[]> = {
  accepted: ['homeNumber', 'words'],
  not_accepted: ['reason', 'basis'],
  correction_needed: ['reason', 'words'],
  consultation_only: ['words'],
}

export function useOutcome(visit: Ref<VisitSnapshot | null>, acts: Acts, sheets: ComputedRef<Sheet[]>) {
  const form = reactive({ kind: null as OutcomeKind | null, homeNumber: '', reason: '', basis: '', words: '' })
  const openChecks = computed(() => visit.value?.checks.filter((check) => check.result === null || check.result === 'no') ?? [])
  const openPapers = computed(() => sheets.value.filter((one) => one.material.necessity === 'required' && one.state !== 'accepted'))
  const asked = computed(() => (form.kind ? ASKED[form.kind] : []))
  const blocked = computed(() => form.kind === 'accepted' && openChecks.value.length > 0)
  const complete = computed(() => form.kind !== null && !blocked.value && asked.value.every((one) => one === 'words' || form[one].trim() !== ''))

  function body(): OutcomeBody {
    const filled = asked.value.map((one) => [one, form[one].trim()] as const).filter(([, text]) => text !== '')
    return { kind: form.kind!, ...Object.fromEntries(filled) }
  }
  function clear(): void {
    Object.assign(form, { kind: null, homeNumber: '', reason: '', basis: '', words: '' })
  }
  watch(() => visit.value?.ticket.id, clear)
  return { form, asked, openChecks, openPapers, blocked, complete, body, problems: acts.fields }
}
