/** The visit's papers as the clerk looks at them: which material, which turn, which page, how large, how turned. */
import { computed, ref, watch, type Ref } from 'vue'
import type { CheckId, CheckResult, Material, OutcomeBody, PaperRow, VisitSnapshot } from '@/wire/models'
import type { Api } from '@/wire/api'
import type { Acts } from '@/people/useActs'

/** Why a paper goes back; the citizen sees the words of the code and what the clerk adds. */
export const RETURN_CODES = ['unreadable', 'incomplete', 'wrong_paper', 'expired', 'unsigned', 'mismatch', 'other'] as const
export type ReturnCode = (typeof RETURN_CODES)[number]
export type MaterialState = 'missing' | PaperRow['state']

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3]

/** A material with its submissions, oldest first. */
export interface Sheet {
  material: Material
  turns: PaperRow[]
  latest: PaperRow | null
  state: MaterialState
}

export function sheetsOf(visit: VisitSnapshot | null): Sheet[] {
  return (visit?.matter.materials ?? []).map((material) => {
    const turns = visit!.papers.filter((paper) => paper.materialNo === material.no).sort((a, b) => a.turn - b.turn || a.at.localeCompare(b.at))
    const latest = turns.at(-1) ?? null
    return { material, turns, latest, state: latest?.state ?? 'missing' }
  })
}

export function useReview(api: Api, visit: Ref<VisitSnapshot | null>, { act, inRow }: Acts, refresh: () => Promise<void>) {
  const sheets = computed(() => sheetsOf(visit.value))
  const shownId = ref<string | null>(null)
  const page = ref(1)
  const zoom = ref(1)
  const quarter = ref(0)
  const beside = ref(false)
  /** counts answers that were not taken: what the buttons show is then drawn anew from the row */
  const refusedChecks = ref(0)
  const paper = computed(() => visit.value?.papers.find((one) => one.id === shownId.value) ?? null)
  const sheet = computed(() => sheets.value.find((one) => one.material.no === paper.value?.materialNo) ?? null)
  const before = computed(() => sheet.value?.turns.filter((one) => one.turn < (paper.value?.turn ?? 0)).at(-1) ?? null)
  const open = computed(() => paper.value !== null)
  const judgeable = computed(() => paper.value?.state === 'submitted' && visit.value?.ticket.state === 'connected')

  function show(next: PaperRow | null): void {
    shownId.value = next?.id ?? null
    page.value = 1
    zoom.value = 1
    quarter.value = 0
    beside.value = (next?.turn ?? 1) > 1
  }
  /** To the neighbouring material that has a paper. */
  function step(by: 1 | -1): void {
    const there = sheets.value.filter((one) => one.latest)
    const at = there.findIndex((one) => one.material.no === sheet.value?.material.no)
    const next = there[(at + by + there.length) % there.length] ?? there[0]
    if (next) show(next.latest)
  }
  function turnPage(by: 1 | -1): void {
    page.value = Math.min(Math.max(1, page.value + by), paper.value?.pages ?? 1)
  }
  function enlarge(by: 1 | -1): void {
    const at = ZOOMS.indexOf(zoom.value)
    zoom.value = ZOOMS[Math.min(Math.max(0, at + by), ZOOMS.length - 1)]!
  }
  const accept = () => judge('accept', (id) => api('POST /api/papers/{id}/accept', { path: { id } }))
  const giveBack = (code: ReturnCode, words: string) =>
    judge('return', (id) => api('POST /api/papers/{id}/return', { path: { id }, body: { code, words } }))
  function judge(name: string, run: (id: string) => Promise<PaperRow>): Promise<boolean> {
    const id = shownId.value
    if (!id || !judgeable.value) return Promise.resolve(false)
    return act(name, async () => {
      await run(id)
      await refresh()
    })
  }
  async function check(id: CheckId, result: CheckResult): Promise<void> {
    const path = { id: visit.value?.ticket.id ?? '', check: id }
    const kept = await inRow(async () => {
      await api('PUT /api/tickets/{id}/checks/{check}', { path, body: { result } })
      await refresh()
    })
    if (!kept) refusedChecks.value += 1
  }
  const outcome = (body: OutcomeBody) => api('POST /api/tickets/{id}/outcome', { path: { id: visit.value?.ticket.id ?? '' }, body })

  // Another visit, or the end of this one: then the outcome is what is looked at.
  watch([() => visit.value?.ticket.id, () => visit.value?.outcome?.kind], () => show(null))
  // A new submission of the paper in view takes its place, beside the one that was returned.
  watch(() => sheet.value?.latest?.id, (latest, was) => {
    if (latest && was && shownId.value === was) show(sheet.value?.latest ?? null)
  })

  return {
    sheets, paper, sheet, before, open, judgeable, page, zoom, quarter, beside, refusedChecks,
    show, step, turnPage, enlarge, accept, giveBack, check, outcome,
    rotate: () => (quarter.value = (quarter.value + 1) % 4),
    compare: () => (beside.value = !beside.value),
  }
}

export type Review = ReturnType<typeof useReview>
