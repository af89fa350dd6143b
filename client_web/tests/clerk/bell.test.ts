import { effectScope, nextTick } from 'vue'
import { expect, test } from 'vitest'
import { makeChimes } from '@/people/chime'
import { useBell, type BellWorld } from '@/people/useBell'

function hall({ focused = false } = {}) {
  const sounds: string[] = []
  const notices: { body: string; tag: string }[] = []
  class Notice {
    static permission = 'granted'
    constructor(_: string, { body, tag }: { body: string; tag: string }) {
      notices.push({ body, tag })
    }
  }
  document.hasFocus = () => focused
  const chimes = { play: (chime: string) => void sounds.push(chime), wake: async () => {}, awake: () => true }
  const world = { chimes, notify: Notice, page: document } as unknown as BellWorld
  return { sounds, notices, bell: effectScope().run(() => useBell(() => 'Desk', world))! }
}

test('every arrival sounds, shows a notice of its own and counts in the title of a background tab', async () => {
  const { sounds, notices, bell } = hall()
  bell.ring('ticket', 'B001')
  bell.ring('ticket', 'B002')
  bell.ring('paper', 'a paper')
  await nextTick()

  expect(sounds).toEqual(['ticket', 'ticket', 'paper'])
  expect(notices.map((one) => one.body)).toEqual(['B001', 'B002', 'a paper'])
  expect(new Set(notices.map((one) => one.tag)).size).toBe(3)
  expect(document.title).toBe('(3) a paper')
})
test('the count is gone when the clerk looks', async () => {
  const { bell } = hall()
  bell.ring('ticket', 'B001')
  window.dispatchEvent(new Event('focus'))
  await nextTick()

  expect(document.title).toBe('Desk')
})
test('two at once sound one after the other', () => {
  const starts: number[] = []
  const gain = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} }
  const node = { frequency: {}, gain, connect: () => node, start: (at: number) => starts.push(at), stop() {} }
  const audio = { currentTime: 0, destination: {}, resume: async () => {}, createOscillator: () => node, createGain: () => node }
  const chimes = makeChimes(() => audio as unknown as AudioContext)
  chimes.play('paper')
  chimes.play('paper')

  expect(starts[1]).toBeGreaterThan(starts[0]!)
})
