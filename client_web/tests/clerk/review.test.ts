import { effectScope, nextTick, ref, shallowRef } from 'vue'
import { expect, test } from 'vitest'
import { useOutcome } from '@/clerk/useOutcome'
import { sheetsOf, useReview } from '@/clerk/useReview'
import type { Acts } from '@/people/useActs'
import type { Api } from '@/wire/api'
import type { VisitSnapshot } from '@/wire/models'
import { paperRow, visitOf } from './visit'

const acts = { act: async (_: string, run: () => Promise<unknown>) => (await run(), true), inRow: (run: () => Promise<unknown>) => run().then(() => true), fields: ref({}) } as unknown as Acts

function reviewed(over: Partial<VisitSnapshot> = {}) {
  const visit = shallowRef<VisitSnapshot | null>(visitOf(over))
  const asked: [string, unknown][] = []
  const api = (async (route: string, call: unknown) => void asked.push([route, call])) as unknown as Api
  const { review, outcome } = effectScope().run(() => {
    const review = useReview(api, visit, acts, async () => {})
    return { review, outcome: useOutcome(visit, acts, review.sheets) }
  })!
  return { visit, asked, review, outcome }
}

test('a material is what its newest paper is', () => {
  const sheets = sheetsOf(visitOf({ papers: [paperRow({ id: 'b', turn: 2 }), paperRow({ id: 'a', state: 'returned' })] }))

  expect(sheets.map((sheet) => [sheet.latest?.id ?? null, sheet.state])).toEqual([['b', 'submitted'], [null, 'missing'], [null, 'missing']])
})
test('a resubmitted paper comes into view beside the one that was returned', async () => {
  const first = paperRow({ id: 'a' })
  const { visit, review } = reviewed({ papers: [first] })
  review.show(first)
  await nextTick()
  visit.value = visitOf({ version: 2, papers: [{ ...first, state: 'returned' }, paperRow({ id: 'b', turn: 2 })] })
  await nextTick()

  expect([review.paper.value?.id, review.before.value?.id, review.beside.value]).toEqual(['b', 'a', true])
})
test('a new paper of another material leaves the one in view alone', async () => {
  const first = paperRow({ id: 'a' })
  const { visit, review } = reviewed({ papers: [first] })
  review.show(first)
  review.turnPage(1)
  visit.value = visitOf({ version: 2, papers: [first, paperRow({ id: 'z', materialNo: 2 })] })
  await nextTick()

  expect([review.paper.value?.id, review.page.value]).toEqual(['a', 2])
})
test('pages and sizes stop at their ends', () => {
  const { review } = reviewed({ papers: [paperRow()] })
  review.show(paperRow())
  for (let i = 0; i < 20; i++) {
    review.turnPage(1)
    review.enlarge(1)
  }

  expect([review.page.value, review.zoom.value]).toEqual([3, 3])
})
test('only a submitted paper of a running call is judged', async () => {
  const { review, asked } = reviewed({ papers: [paperRow({ state: 'accepted' })] })
  review.show(paperRow())

  expect(await review.accept()).toBe(false)
  expect(asked).toEqual([])
})
test('a returned paper carries its reason', async () => {
  const { review, asked } = reviewed({ papers: [paperRow()] })
  review.show(paperRow())
  await review.giveBack('unreadable', 'glare')

  expect(asked).toEqual([['POST /api/papers/{id}/return', { path: { id: 'p1' }, body: { code: 'unreadable', words: 'glare' } }]])
})
test('accepted waits for every check and the home number, and names the papers that are open', () => {
  const { visit, outcome } = reviewed({ papers: [paperRow({ state: 'accepted' })] })
  Object.assign(outcome.form, { kind: 'accepted', homeNumber: 'H-1' })
  const before = [outcome.blocked.value, outcome.complete.value]
  visit.value = visitOf({ checks: [{ id: 'notice', result: 'yes' }, { id: 'agent', result: 'not_applicable' }] as VisitSnapshot['checks'] })

  expect(before).toEqual([true, false])
  expect(outcome.complete.value).toBe(true)
  expect(outcome.openPapers.value.map((one) => one.material.no)).toEqual([1, 2])
})
test('a check answered with no stands in the way of accepted, not of refusing', () => {
  const { outcome } = reviewed({ checks: [{ id: 'face', result: 'no' }] as VisitSnapshot['checks'] })
  Object.assign(outcome.form, { kind: 'accepted', homeNumber: 'H-1', reason: 'r', basis: 'b' })
  const accepted = outcome.complete.value
  outcome.form.kind = 'not_accepted'

  expect([accepted, outcome.complete.value]).toEqual([false, true])
})
test('an outcome sends only what its kind asks for', () => {
  const { outcome } = reviewed()
  Object.assign(outcome.form, { kind: 'not_accepted', homeNumber: 'H-1', reason: ' r ', basis: 'b' })

  expect(outcome.body()).toEqual({ kind: 'not_accepted', reason: 'r', basis: 'b' })
})
