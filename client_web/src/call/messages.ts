/** The call's part of the socket, as the pages see it (signaling/PROTOCOL.md is its paper). */
export type Member = 'citizen' | 'clerk' | 'assistant'

/** What one page's connection tells the others. */
export type Connection = 'new' | 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'closed'

export interface SignalBody {
  description?: RTCSessionDescriptionInit
  candidate?: RTCIceCandidateInit
}

/** Someone is in the room: `call.joined` (a newcomer), `call.here` (its answer), `call.left`. */
export interface Presence {
  ticket: string
  member: Member
  peer: string
}

export interface Signal {
  ticket: string
  from: Member
  fromPeer: string
  toPeer: string
  data: SignalBody
}

export interface CallState extends Presence {
  microphone: boolean
  camera: boolean
  connection: Connection
}

export interface Replaced {
  ticket: string
  peer: string
}

export type Ack = { ok: true } | { ok: false; code: string; kind: string; text: string }

/** As much of a Socket.IO socket as a call uses. */
export interface CallSocket {
  readonly connected: boolean
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a socket's listeners differ by event
  on(event: string, listener: (body: any) => void): unknown
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the same
  off(event: string, listener: (body: any) => void): unknown
  emit(event: string, body: unknown, ack?: (answer: Ack) => void): unknown
}
