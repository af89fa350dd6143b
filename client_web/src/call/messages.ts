/** The call's part of the live line; the shapes are wire/models.ts's (signaling/PROTOCOL.md is their paper). */
import type { Ack, ServerEvents, SignalData } from '../wire/models'
import type { Line } from '../wire/socket'

export type { Connection, Member } from '../wire/models'
export type { SignalData }
export type CallAck = Ack

type Heard<Event extends keyof ServerEvents> = Parameters<ServerEvents[Event]>[0]
export type Presence = Heard<'call.joined'>
export type Signal = Heard<'call.signal'>
export type CallState = Heard<'call.state'>
export type Replaced = Heard<'call.replaced'>

/** The line of a page, or as much of one as a call uses. */
export type CallSocket = Pick<Line, 'connected' | 'on' | 'off' | 'emit'> | BareSocket

export interface BareSocket {
  readonly connected: boolean
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- listeners differ by event
  on(event: string, listener: (body: any) => void): unknown
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the same
  off(event: string, listener: (body: any) => void): unknown
  emit(event: string, body: unknown, ack?: (answer: CallAck) => void): unknown
}
