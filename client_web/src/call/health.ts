import type { Clock } from './world'

/** How the way between the two pages is, whatever is being sent over it. */
export type Transport = 'connecting' | 'connected' | 'lost'

/** How long each doubt lasts (domain §2.12: restart only on `failed`; `disconnected` waits and looks at the bytes). */
export interface Patience {
  /** first connection, from construction */
  connectMs: number
  /** between two looks at the byte counters while `disconnected` */
  lookMs: number
  /** for an ICE restart to bring the connection back */
  restartMs: number
}

export const PATIENCE: Patience = { connectMs: 15_000, lookMs: 2_500, restartMs: 8_000 }

export interface HealthParts {
  connection: RTCPeerConnection
  clock: Clock
  patience: Patience
  tell(transport: Transport): void
  restart(): void
  giveUp(): void
}

/** Watches one connection: restarts ICE when it failed, gives it up when that did not help. */
export class Health {
  private cancel: () => void = () => undefined
  private once = false
  private over = false

  constructor(private readonly parts: HealthParts) {
    parts.connection.onconnectionstatechange = () => this.changed()
    this.wait(parts.patience.connectMs, () => parts.giveUp())
  }

  /** The other page closed its end (its channel went): no need to wait for silence. */
  gone(): void {
    if (this.over) return
    this.parts.tell('lost')
    this.wait(this.parts.patience.restartMs, () => this.parts.giveUp())
  }

  close(): void {
    this.over = true
    this.cancel()
    this.parts.connection.onconnectionstatechange = null
  }

  private changed(): void {
    const state = this.parts.connection.connectionState
    if (state === 'connected') this.connected()
    else if (state === 'disconnected') void this.doubt()
    else if (state === 'failed') this.failed()
    else if (state !== 'closed') this.parts.tell(this.once ? 'lost' : 'connecting')
  }

  private connected(): void {
    this.once = true
    this.cancel()
    this.parts.tell('connected')
  }

  private failed(): void {
    this.parts.tell('lost')
    this.parts.restart()
    this.wait(this.parts.patience.restartMs, () => this.parts.giveUp())
  }

  private async doubt(): Promise<void> {
    const before = await bytesReceived(this.parts.connection)
    if (this.parts.connection.connectionState !== 'disconnected') return
    this.wait(this.parts.patience.lookMs, () => void this.look(before))
  }

  private async look(before: number): Promise<void> {
    const now = await bytesReceived(this.parts.connection)
    if (this.over || this.parts.connection.connectionState !== 'disconnected') return
    if (now > before) void this.doubt()
    else this.parts.tell('lost')
  }

  private wait(ms: number, act: () => void): void {
    this.cancel()
    if (!this.over) this.cancel = this.parts.clock.after(ms, act)
  }
}

async function bytesReceived(connection: RTCPeerConnection): Promise<number> {
  let bytes = 0
  const report = await connection.getStats()
  report.forEach((row: { type: string; bytesReceived?: number }) => {
    if (row.type === 'candidate-pair') bytes += row.bytesReceived ?? 0
  })
  return bytes
}
