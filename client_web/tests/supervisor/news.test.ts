import { effectScope, nextTick, ref } from 'vue'
import { describe, expect, test } from 'vitest'
import type { Alert, AlertKind } from '@/supervisor/alerts'
import { QUIET_MS } from '@/supervisor/news'
import { useAlarm } from '@/supervisor/useAlarm'
import { useNews } from '@/supervisor/useNews'
import { useTitle } from '@/supervisor/useTitle'

const alert = (id: string, kind: AlertKind = 'help'): Alert => ({ id, kind, officeId: 'o', office: '', what: '', since: 0 })

/** What a browser keeps. */
class Kept {
  readonly items = new Map<string, string>()
  getItem = (name: string) => this.items.get(name) ?? null
  setItem = (name: string, value: string) => void this.items.set(name, value)
}

function wall(kept = new Kept()) {
  const alerts = ref<Alert[]>([])
  const ready = ref(false)
  const rung: string[] = []
  let now = 0
  const scope = effectScope()
  const made = scope.run(() => {
    const alarm = useAlarm((one) => one.id, { chimes: { play: (chime) => void rung.push(chime), wake: async () => {}, awake: () => true }, kept })
    return { alarm, news: useNews(alerts, ready, { now: () => now, kept, tell: alarm.tell }) }
  })!
  async function show(...shown: (string | Alert)[]) {
    alerts.value = shown.map((one) => (typeof one === 'string' ? alert(one) : one))
    ready.value = true
    await nextTick()
  }
  return { ...made, show, rung, pass: (ms: number) => void (now += ms), stop: () => scope.stop() }
}

describe('the alarm', () => {
  test('sounds for what is new and not for the first look; what comes at once sounds once and is all read out', async () => {
    const { show, rung, alarm, stop } = wall()
    await show('a')
    expect(rung).toHaveLength(0)

    await show('a', 'b', 'c')
    expect(rung).toHaveLength(1)
    expect(alarm.last.value).toBe('b; c')
    await show('c', 'b', 'a')
    expect(rung).toHaveLength(1)
    await show('b')
    await show('b', 'a')
    expect(rung).toHaveLength(2)
    stop()
  })
  test('muted it is silent and still says', async () => {
    const { show, rung, alarm, stop } = wall()
    await show()
    alarm.mute()
    await show('a')

    expect(rung).toEqual([])
    expect(alarm.last.value).toBe('a')
    stop()
  })
  test('a queue that goes to and fro over its limit is told once, and again only after a quiet while', async () => {
    const { show, rung, pass, stop } = wall()
    const queue = alert('queue', 'long_queue')
    await show()
    await show(queue)
    await show()
    pass(QUIET_MS - 1)
    await show(queue)
    expect(rung).toHaveLength(1)

    await show()
    pass(QUIET_MS)
    await show(queue)

    expect(rung).toHaveLength(2)
    stop()
  })
})

describe('what somebody has taken note of', () => {
  const ids = (alerts: readonly Alert[]) => alerts.map(({ id }) => id)

  test('steps back and stays listed until it is over', async () => {
    const { show, news, stop } = wall()
    await show('a', 'b')
    news.note('a')

    expect([ids(news.open.value), ids(news.listed.value)]).toEqual([['b'], ['b', 'a']])

    await show('b')
    expect(ids(news.listed.value)).toEqual(['b'])
    await show('b', 'a')
    expect(ids(news.open.value)).toEqual(['b', 'a'])
    stop()
  })
  test('is still known after the page was loaded again', async () => {
    const kept = new Kept()
    const before = wall(kept)
    await before.show('a', 'b')
    before.news.note('a')
    before.stop()

    const after = wall(kept)
    await after.show('a', 'b')

    expect(ids(after.news.open.value)).toEqual(['b'])
    after.stop()
  })
})

test('the tab tells how many are open, the worst first, and goes back to its name', async () => {
  const page = { title: '' }
  const open = ref(2)
  const scope = effectScope()
  scope.run(() => useTitle(() => open.value, () => 'nobody on duty', () => 'Tongban', page))
  expect(page.title).toBe('(2) nobody on duty')

  open.value = 0
  await nextTick()

  expect(page.title).toBe('Tongban')
  scope.stop()
})
