import type { Patience, Transport } from './health'
import type { BareSocket, CallAck, CallSocket, CallState, Connection, Member, Presence, Replaced, Signal, SignalData } from './messages'
import { Peer } from './peer'
import type { World } from './world'

/** A refused or unanswered join is tried again: the row may be a moment behind the screen. */
const REJOIN_MS = 2_000
/** After so many connections in a row that never came up the screen may say "failed"; we go on trying. */
export const HOPELESS = 3

/** What this page tells the others about itself. */
export interface Told {
  microphone: boolean
  camera: boolean
  connection: Connection
}

export interface RoomParts {
  ticket: string
  member: Member
  socket: CallSocket
  iceServers: () => RTCIceServer[]
  world: World
  patience?: Patience
  told(): Told
  transport(transport: Transport, failures: number): void
  /** A connection to a new page of the other side stands ready to be given tracks. */
  met(peer: Peer): void
  remote(stream: MediaStream | null): void
  other(state: CallState | null): void
  ready(): void
  replaced(): void
}

/**
 * This page's place in the call room of one ticket. Pages are known by a random peer id: a new id of the
 * other side is a new page (a reload), so the connection is built anew; messages of older ids are ignored.
 * We take a new id ourselves when a connection cannot be saved.
 */
export class Room {
  peer: Peer | null = null
  private me: string
  private them: string | null = null
  private readonly retired = new Set<string>()
  private failures = 0
  private wasReady = false
  private over = false
  private stopRejoining: () => void = () => undefined
  private readonly socket: BareSocket
  private readonly unbind: () => void

  constructor(private readonly parts: RoomParts) {
    this.me = parts.world.newId()
    this.socket = parts.socket as BareSocket
    this.unbind = this.bind()
    if (this.socket.connected) this.join()
  }

  /** Tells the room how we are; to nobody in particular, so a lost one does no harm (it is said again on every change and arrival). */
  tell(): void {
    this.say('call.state', { ...this.parts.told() })
  }

  sayReady(): void {
    this.wasReady = true
    this.peer?.sayReady()
  }

  /** Goes, and says so; a replaced page only falls silent, its successor has the place. */
  leave(say = true): void {
    if (this.over) return
    if (say) this.say('call.leave', {})
    this.over = true
    this.stopRejoining()
    this.unbind()
    this.drop()
  }

  private get counterpart(): Member | null {
    if (this.parts.member === 'assistant') return null
    return this.parts.member === 'clerk' ? 'citizen' : 'clerk'
  }

  private bind(): () => void {
    const { socket } = this
    const bound: [string, (body: never) => void][] = [
      ['connect', () => this.join()],
      ['call.joined', (body: Presence) => this.arrived(body)],
      ['call.here', (body: Presence) => this.arrived(body)],
      ['call.signal', (body: Signal) => this.signalled(body)],
      ['call.left', (body: Presence & { lost?: boolean }) => this.departed(body)],
      ['call.state', (body: CallState) => this.told(body)],
      ['call.replaced', (body: Replaced) => this.taken(body)],
    ]
    for (const [event, listener] of bound) socket.on(event, listener as (body: unknown) => void)
    return () => {
      for (const [event, listener] of bound) socket.off(event, listener as (body: unknown) => void)
    }
  }

  private join(): void {
    if (this.over) return
    this.stopRejoining()
    this.stopRejoining = this.parts.world.clock.after(REJOIN_MS * 2, () => this.join())
    this.socket.emit('call.join', { ticket: this.parts.ticket, peer: this.me }, (answer) => this.joined(answer))
  }

  private joined(answer: CallAck): void {
    if (this.over) return
    this.stopRejoining()
    if (answer.ok) this.tell()
    else this.stopRejoining = this.parts.world.clock.after(REJOIN_MS, () => this.join())
  }

  private arrived({ ticket, member, peer }: Presence): void {
    if (ticket !== this.parts.ticket || peer === this.me) return
    if (member === this.counterpart) this.meet(peer)
    this.tell()
  }

  /** A line that only broke may come back while the picture goes on; who left on purpose is not waited for. */
  private departed({ ticket, peer, lost }: Presence & { lost?: boolean }): void {
    if (ticket !== this.parts.ticket || peer !== this.them || lost !== false) return
    this.drop()
    this.parts.transport('lost', 0)
  }

  private meet(them: string): void {
    if (this.retired.has(them)) return
    if (them === this.them && this.peer) {
      this.peer.resync()
      return
    }
    this.drop()
    this.them = them
    this.build(them)
  }

  private build(them: string): void {
    // Nothing of an earlier connection may speak through this one's callbacks, nor the other way round.
    const live = () => this.them === them && this.peer === peer
    const peer: Peer = new Peer({
      world: this.parts.world,
      iceServers: this.parts.iceServers(),
      polite: this.parts.member === 'citizen',
      patience: this.parts.patience,
      send: (data) => this.signal(them, data),
      transport: (transport) => live() && this.moved(transport),
      remote: (stream) => live() && this.parts.remote(stream),
      ready: () => live() && this.parts.ready(),
      giveUp: () => live() && this.renew(),
    })
    this.peer = peer
    if (this.wasReady) peer.sayReady()
    this.parts.met(peer)
  }

  private moved(transport: Transport): void {
    if (transport === 'connected') this.failures = 0
    this.parts.transport(transport, this.failures)
  }

  /** This connection cannot be saved: come again as a new page would. */
  private renew(): void {
    this.failures += 1
    this.drop()
    this.me = this.parts.world.newId()
    this.parts.transport('lost', this.failures)
    if (this.socket.connected) this.join()
  }

  private signalled(signal: Signal): void {
    const { ticket, from, fromPeer, toPeer, data } = signal
    if (ticket !== this.parts.ticket || from !== this.counterpart || toPeer !== this.me) return
    // An offer addressed to us from a page we have not met yet is as good as its "here".
    if (fromPeer !== this.them && data.description?.type === 'offer') this.meet(fromPeer)
    if (fromPeer === this.them) this.peer?.receive(data)
  }

  private told(state: CallState): void {
    if (state.ticket !== this.parts.ticket || state.peer === this.me) return
    if (this.counterpart && state.peer !== this.them) return
    this.parts.other(state)
  }

  private taken({ ticket, peer }: Replaced): void {
    if (ticket !== this.parts.ticket || peer === this.me) return
    this.leave(false)
    this.parts.replaced()
  }

  private signal(toPeer: string, data: SignalData): void {
    this.say('call.signal', { to: this.counterpart, toPeer, data })
  }

  /** While the socket is away nothing is kept for later: what mattered is said again on return. */
  private say(event: string, body: object): void {
    if (!this.over && this.socket.connected) this.socket.emit(event, { ticket: this.parts.ticket, ...body })
  }

  private drop(): void {
    if (this.them) this.retired.add(this.them)
    this.peer?.close()
    this.peer = null
    this.them = null
    this.parts.remote(null)
    this.parts.other(null)
  }
}
