import { Health, PATIENCE, type Patience, type Transport } from './health'
import type { SignalData } from './messages'
import { Negotiation } from './negotiation'
import type { World } from './world'

export type Kind = 'audio' | 'video'

/** Enough for a face and a raised document at 720p, and what two browsers on one small machine can bear. */
const VIDEO_MAX_BITRATE = 1_500_000
const READY = 'ready'

export interface PeerParts {
  world: Pick<World, 'newConnection' | 'newStream' | 'clock'>
  iceServers: RTCIceServer[]
  polite: boolean
  patience?: Patience
  send(body: SignalData): void
  transport(transport: Transport): void
  remote(stream: MediaStream): void
  ready(): void
  giveUp(reason: unknown): void
}

/**
 * One connection to one page of the other side. The impolite side (the clerk) lays out one audio and one
 * video line without tracks and a pre-agreed channel, so ICE and DTLS are done before anybody is seen or
 * heard; the polite side takes the same lines over when it answers (laying out its own would double them,
 * JSEP §5.10 pairs only lines that came from addTrack).
 */
export class Peer {
  readonly connection: RTCPeerConnection
  private readonly negotiation: Negotiation
  private readonly health: Health
  private readonly tracks: Record<Kind, MediaStreamTrack | null> = { audio: null, video: null }
  private channel: RTCDataChannel | null = null
  private heard: MediaStream | null = null
  private readySaid = false

  constructor(private readonly parts: PeerParts) {
    const connection = parts.world.newConnection({
      iceServers: parts.iceServers,
      bundlePolicy: 'max-bundle',
      rtcpMuxPolicy: 'require',
    })
    this.connection = connection
    const { polite, send, giveUp } = parts
    this.negotiation = new Negotiation({ connection, polite, send, beforeAnswer: () => this.adopt(), trouble: giveUp })
    this.health = new Health({
      connection,
      clock: parts.world.clock,
      patience: fitted(parts.patience ?? PATIENCE, polite),
      tell: parts.transport,
      restart: () => connection.restartIce(),
      giveUp: () => giveUp('no way through'),
    })
    connection.ontrack = ({ track }) => this.hear(track)
    if (!polite) this.layOut()
  }

  receive(body: SignalData): void {
    this.negotiation.receive(body)
  }

  /** Sends `track` as our audio or video from now on; null sends nothing at all. */
  async carry(kind: Kind, track: MediaStreamTrack | null): Promise<void> {
    if (this.tracks[kind] === track) return
    this.tracks[kind] = track
    await this.attach(kind)
  }

  /** "I am here": one word over the channel, kept until the channel is open. */
  sayReady(): void {
    this.readySaid = true
    if (this.channel?.readyState === 'open') this.channel.send(READY)
  }

  /** The socket came back: whatever it swallowed is said again. */
  resync(): void {
    this.negotiation.repeatOffer()
    const { signalingState, connectionState } = this.connection
    const stuck = signalingState === 'stable' && connectionState !== 'connected' && connectionState !== 'new'
    if (stuck && !this.parts.polite) this.connection.restartIce()
  }

  settled(): Promise<void> {
    return this.negotiation.settled()
  }

  close(): void {
    this.negotiation.close()
    this.health.close()
    this.connection.ontrack = null
    if (this.channel) this.channel.onopen = this.channel.onmessage = this.channel.onclose = null
    this.connection.close()
  }

  private layOut(): void {
    this.connection.addTransceiver('audio', { direction: 'sendrecv' })
    this.connection.addTransceiver('video', {
      direction: 'sendrecv',
      sendEncodings: [{ maxBitrate: VIDEO_MAX_BITRATE }],
    })
    this.openChannel()
  }

  private adopt(): void {
    for (const line of this.connection.getTransceivers()) if (line.direction === 'recvonly') line.direction = 'sendrecv'
    this.openChannel()
    void this.attach('audio')
    void this.attach('video')
  }

  private openChannel(): void {
    if (this.channel) return
    const channel = this.connection.createDataChannel(READY, { negotiated: true, id: 0 })
    channel.onopen = () => {
      if (this.readySaid) channel.send(READY)
    }
    channel.onmessage = ({ data }) => {
      if (data === READY) this.parts.ready()
    }
    channel.onclose = () => this.health.gone()
    this.channel = channel
  }

  private async attach(kind: Kind): Promise<void> {
    const sender = this.connection.getTransceivers().find((line) => line.receiver.track.kind === kind)?.sender
    const track = this.tracks[kind]
    if (!sender || sender.track === track) return
    if (track && kind === 'video') await shape(sender, track)
    // Whoever asked last wins, also when it asked during the await above.
    await sender.replaceTrack(this.tracks[kind])
  }

  /** One stream for all tracks: a video element that is given a new stream starts over. */
  private hear(track: MediaStreamTrack): void {
    if (this.heard?.getTracks().includes(track)) return
    if (this.heard) {
      this.heard.addTrack(track)
      return
    }
    this.heard = this.parts.world.newStream(this.connection.getReceivers().map((receiver) => receiver.track))
    this.parts.remote(this.heard)
  }
}

/** The polite side is slower to despair, so that two pages do not both rebuild at the same moment. */
function fitted(patience: Patience, polite: boolean): Patience {
  const factor = polite ? 1.6 : 1
  return { ...patience, connectMs: patience.connectMs * factor, restartMs: patience.restartMs * factor }
}

async function shape(sender: RTCRtpSender, track: MediaStreamTrack): Promise<void> {
  track.contentHint = 'motion'
  const parameters = sender.getParameters()
  for (const encoding of parameters.encodings) encoding.maxBitrate = VIDEO_MAX_BITRATE
  parameters.degradationPreference = 'balanced'
  // A browser that knows no preference still sends the picture.
  await sender.setParameters(parameters).catch(() => undefined)
}
