/**
 * HTTP as the house speaks it: the face in a header, one idempotency key per unsafe act,
 * and an act whose answer was lost is sent again under the same key, so it is done once.
 */
import type { Face, Language, Refusal, Routes } from './models'

export interface ApiWorld {
  fetch: typeof fetch
  /** kept after so many milliseconds */
  pause(ms: number): Promise<void>
  /** a fresh idempotency key */
  key(): string
  language(): Language
  random(): number
}

type Names<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type Part<Route, Key extends string> = Route extends Record<Key, infer Value> ? Record<Key, Value> : object
type Path<R> = [Names<R>] extends [never] ? object : { path: Record<Names<R> & string, string> }
export type Call<R extends keyof Routes> = Path<R> & Part<Routes[R], 'body'> & Part<Routes[R], 'query'> & Part<Routes[R], 'bytes'> & { signal?: AbortSignal }
type Args<R extends keyof Routes> = object extends Call<R> ? [call?: Call<R>] : [call: Call<R>]
export type Answer<R extends keyof Routes> = Routes[R]['answer']
export type Api = <R extends keyof Routes>(route: R, ...args: Args<R>) => Promise<Answer<R>>

/** The house said no, and why; `text` is for people, shown as it is. */
export class Refused extends Error {
  readonly code: string
  readonly kind: string
  readonly text: string
  readonly fields: Record<string, string>
  readonly retryAfterS: number | null
  constructor(readonly status: number, refusal: Partial<Refusal>) {
    super(refusal.text ?? `refused with ${status}`)
    this.code = refusal.code ?? `http_${status}`
    this.kind = refusal.kind ?? 'unknown'
    this.text = refusal.text ?? ''
    this.fields = refusal.fields ?? {}
    this.retryAfterS = refusal.retryAfterS ?? null
  }
}

/** No answer came, however often we asked. */
export class Unreachable extends Error {}

interface Loose {
  path?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
  bytes?: Blob
  signal?: AbortSignal
}

const WAITS_MS = [300, 900, 2000, 4000, 8000]
const LOST = new Set([502, 503, 504])

/** The address of a route with its names filled in. */
export function address(path: string, call: Loose): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(call.path?.[name] ?? ''))
  const query = new URLSearchParams(Object.entries(call.query ?? {}).map(([name, value]) => [name, String(value)]))
  return query.size > 0 ? `${filled}?${query}` : filled
}

function request(method: string, face: Face, call: Loose, world: ApiWorld): RequestInit {
  const headers: Record<string, string> = { 'X-Tongban-Face': face, 'Accept-Language': world.language() }
  if (method !== 'GET') headers['Idempotency-Key'] = world.key()
  if (call.bytes) headers['Content-Type'] = call.bytes.type || 'application/octet-stream'
  else if (call.body !== undefined) headers['Content-Type'] = 'application/json'
  const body = call.bytes ?? (call.body === undefined ? undefined : JSON.stringify(call.body))
  return { method, headers, body, signal: call.signal, credentials: 'same-origin', cache: 'no-store' }
}

async function once(url: string, init: RequestInit, world: ApiWorld): Promise<Response | null> {
  try {
    const answer = await world.fetch(url, init)
    return LOST.has(answer.status) ? null : answer
  } catch (lost) {
    if (init.signal?.aborted) throw lost
    return null
  }
}

async function read(answer: Response): Promise<unknown> {
  if (answer.ok && answer.headers.get('content-type')?.startsWith('image/')) return answer.blob()
  const text = await answer.text()
  const parsed: unknown = text && answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined
  if (!answer.ok) throw new Refused(answer.status, (parsed ?? {}) as Partial<Refusal>)
  return parsed
}

/** The client of one face. Throws `Refused` or, after all tries, `Unreachable`. */
export function makeApi(face: Face, world: ApiWorld): Api {
  async function send(route: string, call: Loose = {}): Promise<unknown> {
    const [method = 'GET', path = '/'] = route.split(' ')
    const init = request(method, face, call, world)
    const waits = method === 'GET' ? WAITS_MS.slice(0, 2) : WAITS_MS
    for (const wait of [...waits, null]) {
      const answer = await once(address(path, call), init, world)
      if (answer) return read(answer)
      if (wait !== null) await world.pause(wait * (0.75 + world.random() / 2))
    }
    throw new Unreachable(route)
  }
  return send as Api
}
