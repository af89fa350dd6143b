/** What the demo would have sent to phones, asked for again every few seconds; nothing anywhere but in the demo. */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { components } from '@/wire/openapi'

export type DemoMessages = components['schemas']['DemoMessages']

const EVERY_MS = 5000

export interface MessageWorld {
  fetch: (address: string) => Promise<Response>
  /** Calls again after each pause, until the returned function is called. */
  every: (ms: number, again: () => void) => () => void
}

export function useDemoMessages(world: MessageWorld): ShallowRef<DemoMessages['messages']> {
  const messages = shallowRef<DemoMessages['messages']>([])
  let stop: (() => void) | null = null

  async function ask(): Promise<void> {
    const answer = await world.fetch('/api/messages').catch(() => null)
    if (!answer?.ok) return
    const told = (await answer.json()) as DemoMessages
    messages.value = told.messages
    if (!told.demo) stop?.()
  }
  stop = world.every(EVERY_MS, () => void ask())
  onScopeDispose(stop)
  void ask()
  return messages
}
