/** A small world for tests: a clock turned by hand and a line spoken into by hand. */
import type { Clock } from '@/wire/clock'

export class HandClock implements Clock {
  private at = 0
  private due: { at: number; act: () => void; every: number | null }[] = []
  now = () => this.at
  every = (ms: number, act: () => void) => this.add(ms, act, ms)
  after = (ms: number, act: () => void) => this.add(ms, act, null)
  private add(ms: number, act: () => void, every: number | null) {
    const entry = { at: this.at + ms, act, every }
    this.due.push(entry)
    return () => void (this.due = this.due.filter((one) => one !== entry))
  }
  /** Let so many milliseconds pass, doing what falls due in order. */
  turn(ms: number): void {
    const end = this.at + ms
    for (;;) {
      const next = this.due.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.at = next.at
      if (next.every === null) this.due = this.due.filter((one) => one !== next)
      else next.at += next.every
      next.act()
    }
    this.at = end
  }
}

type Hear = (...args: never[]) => void
export class HandLine {
  connected = true
  sent: [string, unknown][] = []
  private hears = new Map<string, Set<Hear>>()
  on = (event: string, hear: Hear): this => {
    this.hears.set(event, (this.hears.get(event) ?? new Set()).add(hear))
    return this
  }
  off = (event: string, hear: Hear): this => {
    this.hears.get(event)?.delete(hear)
    return this
  }
  emit = (event: string, body: unknown, ack?: (answer: object) => void): this => {
    this.sent.push([event, body])
    ack?.({ ok: true, version: 0 })
    return this
  }
  say(event: string, body?: unknown): void {
    for (const hear of this.hears.get(event) ?? []) hear(body as never)
  }
}

/** Let promises that are ready be kept. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}
