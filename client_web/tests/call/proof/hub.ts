import type { BareSocket, CallAck, Member, Presence, Signal } from '../../../src/call/messages'

type Listener = (body: never) => void

/** The call room of the server in one page, with a way there and back that takes a moment, as a network does. */
export class Hub {
  private readonly seats = new Set<Seat>()

  socket(member: Member): Seat {
    const seat = new Seat(this, member)
    this.seats.add(seat)
    return seat
  }

  remove(seat: Seat): void {
    this.seats.delete(seat)
  }

  join(seat: Seat, ticket: string, peer: string): void {
    seat.peer = peer
    for (const other of this.others(seat)) {
      const same = other.member === seat.member
      other.hear(same ? 'call.replaced' : 'call.joined', { ticket, member: seat.member, peer })
      if (!same && other.peer) seat.hear('call.here', { ticket, member: other.member, peer: other.peer } as Presence)
    }
  }

  signal(seat: Seat, body: Omit<Signal, 'from' | 'fromPeer'> & { to: Member }): void {
    for (const other of this.others(seat))
      if (other.member === body.to) other.hear('call.signal', { ...body, from: seat.member, fromPeer: seat.peer })
  }

  tell(seat: Seat, event: string, body: object): void {
    for (const other of this.others(seat)) other.hear(event, { ...body, member: seat.member, peer: seat.peer })
  }

  private others(seat: Seat): Seat[] {
    return [...this.seats].filter((other) => other !== seat)
  }
}

export class Seat implements BareSocket {
  connected = true
  peer = ''
  private readonly listeners = new Map<string, Set<Listener>>()

  constructor(
    private readonly hub: Hub,
    readonly member: Member,
  ) {}

  on(event: string, listener: Listener): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener))
  }

  off(event: string, listener: Listener): void {
    this.listeners.get(event)?.delete(listener)
  }

  emit(event: string, body: unknown, ack?: (answer: CallAck) => void): void {
    const sent = structuredClone(body) as { ticket: string; peer: string }
    setTimeout(() => {
      if (event === 'call.join') this.hub.join(this, sent.ticket, sent.peer)
      else if (event === 'call.signal') this.hub.signal(this, sent as never)
      else this.hub.tell(this, event === 'call.leave' ? 'call.left' : event, sent)
      ack?.({ ok: true })
    }, 5)
  }

  hear(event: string, body: object): void {
    setTimeout(() => this.listeners.get(event)?.forEach((listener) => listener(body as never)), 5)
  }
}
