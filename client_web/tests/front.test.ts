import { effectScope } from 'vue'
import { expect, test } from 'vitest'
import { useDemoMessages } from '@/front/useDemoMessages'

const ROW = { id: 'a-booked', at: '2026-11-24T02:00:00Z', kind: 'booked', state: 'sent', phone: '199****0001', language: 'zh-CN', text: '演示' }

function hall(demo: boolean) {
  const asked: string[] = []
  let stopped = false
  const world = {
    fetch: (address: string) => {
      asked.push(address)
      return Promise.resolve(new Response(JSON.stringify({ demo, messages: demo ? [ROW] : [] })))
    },
    every: () => () => {
      stopped = true
    },
  }
  return { asked, world, stopped: () => stopped }
}

async function settled(): Promise<void> {
  await new Promise((done) => setTimeout(done, 0))
}

test('the demo shows what it would have sent, until the page goes', async () => {
  const { asked, world, stopped } = hall(true)
  const scope = effectScope()
  const messages = scope.run(() => useDemoMessages(world))!
  await settled()

  expect(messages.value).toEqual([ROW])
  expect(asked).toEqual(['/api/messages'])
  expect(stopped()).toBe(false)
  scope.stop()
  expect(stopped()).toBe(true)
})

test('anywhere else it asks once and shows nothing', async () => {
  const { world, stopped } = hall(false)
  const messages = effectScope().run(() => useDemoMessages(world))!
  await settled()

  expect(messages.value).toEqual([])
  expect(stopped()).toBe(true)
})
