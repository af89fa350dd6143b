import { describe, expect, test } from 'vitest'
import { Refused, Unreachable, address, makeApi } from '@/wire/api'

type Reply = Response | Error
function stage(...replies: Reply[]) {
  const seen: { url: string; init: RequestInit & { headers: Record<string, string> } }[] = []
  let keys = 0
  const api = makeApi('kiosk', {
    fetch: async (url, init) => {
      seen.push({ url: String(url), init: init as never })
      const reply = replies[Math.min(seen.length - 1, replies.length - 1)]!
      if (reply instanceof Error) throw reply
      return reply.clone()
    },
    pause: async () => {},
    key: () => `key-${++keys}`,
    language: () => 'en',
    random: () => 0.5,
  })
  return { api, seen }
}
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const lost = new TypeError('failed to fetch')

describe('the client', () => {
  test('fills in the names of a path and the query', () => {
    expect(address('/api/tickets/{id}/papers', { path: { id: 'a/b' }, query: { material: 2 } })).toBe('/api/tickets/a%2Fb/papers?material=2')
  })
  test('names its face and its language', async () => {
    const { api, seen } = stage(json({ holding: null }))
    await api('GET /api/device')

    expect(seen[0]!.init.headers).toEqual({ 'X-Tongban-Face': 'kiosk', 'Accept-Language': 'en' })
  })
  test('sends a lost act again under the same key', async () => {
    const { api, seen } = stage(lost, new Response('', { status: 503 }), new Response(null, { status: 204 }))
    await api('POST /api/tickets/{id}/cancel', { path: { id: '1' } })

    expect(seen.map((one) => one.init.headers['Idempotency-Key'])).toEqual(['key-1', 'key-1', 'key-1'])
  })
  test('gives another act another key', async () => {
    const { api, seen } = stage(new Response(null, { status: 204 }))
    await api('POST /api/tickets/{id}/cancel', { path: { id: '1' } })
    await api('POST /api/tickets/{id}/cancel', { path: { id: '1' } })

    expect(seen.map((one) => one.init.headers['Idempotency-Key'])).toEqual(['key-1', 'key-2'])
  })
  test('never repeats what was refused, and says why', async () => {
    const { api, seen } = stage(json({ code: 'one_ticket_only', kind: 'not_now', text: 'no', fields: { idNumber: 'x' } }, 409))
    const refusal = await api('POST /api/tickets/{id}/cancel', { path: { id: '1' } }).catch((why: unknown) => why)

    expect(refusal).toBeInstanceOf(Refused)
    expect(refusal).toMatchObject({ status: 409, code: 'one_ticket_only', text: 'no', fields: { idNumber: 'x' } })
    expect(seen.length).toBe(1)
  })
  test('gives up in the end', async () => {
    const { api, seen } = stage(lost)

    await expect(api('GET /api/device')).rejects.toBeInstanceOf(Unreachable)
    expect(seen.length).toBe(3)
  })
})
