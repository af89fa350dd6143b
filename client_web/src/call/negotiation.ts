import { beginAt } from './bitrate'
import type { SignalData } from './messages'

export interface NegotiationParts {
  connection: RTCPeerConnection
  polite: boolean
  send(body: SignalData): void
  /** Runs when the other side's offer is in and before it is answered. */
  beforeAnswer(): void
  trouble(reason: unknown): void
}

/**
 * Perfect negotiation (W3C WebRTC §10.7) with one turn at a time: every offer, answer and candidate
 * waits for the one before it, so a collision can be read from `signalingState` alone.
 * When both offer at once the impolite side ignores and the polite side rolls back.
 */
export class Negotiation {
  private turns: Promise<void> = Promise.resolve()
  private held: RTCIceCandidateInit[] = []
  private ignoring = false
  private over = false

  constructor(private readonly parts: NegotiationParts) {
    const { connection } = parts
    connection.onnegotiationneeded = () => this.turn(() => this.offer())
    connection.onicecandidate = ({ candidate }) => {
      if (candidate) this.say({ candidate: { ...candidate.toJSON(), candidate: candidate.candidate } })
    }
  }

  receive(body: SignalData): void {
    this.turn(async () => {
      if (body.description) await this.describe(body.description)
      else if (body.candidate) await this.admit(body.candidate)
    })
  }

  /** The socket was away and may have swallowed our offer: say it again. The answer may be lost too: a second one does no harm. */
  repeatOffer(): void {
    this.turn(async () => {
      if (this.parts.connection.signalingState === 'have-local-offer') this.sayLocal()
    })
  }

  /** Resolves when everything asked for so far is done. */
  settled(): Promise<void> {
    return this.turns
  }

  close(): void {
    this.over = true
    this.parts.connection.onnegotiationneeded = null
    this.parts.connection.onicecandidate = null
  }

  private turn(act: () => Promise<void>): void {
    this.turns = this.turns
      .then(() => (this.over ? undefined : act()))
      .catch((reason: unknown) => {
        if (!this.over) this.parts.trouble(reason)
      })
  }

  private async offer(): Promise<void> {
    const { connection } = this.parts
    // Answering came first; the browser asks again by itself if an offer is still needed.
    if (connection.signalingState !== 'stable') return
    await connection.setLocalDescription()
    this.sayLocal()
  }

  private async describe(description: RTCSessionDescriptionInit): Promise<void> {
    const { connection, polite } = this.parts
    const offered = description.type === 'offer'
    this.ignoring = !polite && offered && connection.signalingState !== 'stable'
    if (this.ignoring || (!offered && connection.signalingState !== 'have-local-offer')) return
    await connection.setRemoteDescription({ type: description.type, sdp: beginAt(description.sdp ?? '') })
    await this.admitHeld()
    if (offered) await this.answer()
  }

  private async answer(): Promise<void> {
    this.parts.beforeAnswer()
    await this.parts.connection.setLocalDescription()
    this.sayLocal()
  }

  private async admit(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.ignoring) return
    if (!this.parts.connection.remoteDescription) {
      this.held.push(candidate)
      return
    }
    // A candidate that does not fit costs one path, never the call.
    await this.parts.connection.addIceCandidate(candidate).catch(() => undefined)
  }

  private async admitHeld(): Promise<void> {
    const held = this.held.splice(0)
    for (const candidate of held) await this.admit(candidate)
  }

  private sayLocal(): void {
    const local = this.parts.connection.localDescription
    // Only offers and answers come from setLocalDescription().
    if (local) this.say({ description: { type: local.type as 'offer' | 'answer', sdp: local.sdp } })
  }

  private say(body: SignalData): void {
    if (!this.over) this.parts.send(body)
  }
}
