/** A pretended browser for the call's tests: connections with honest signalling states, a clock that stands still. */
import type { BareSocket, CallAck } from '@/call/messages'
import type { World } from '@/call/world'

interface FakeTrack {
  kind: string
  enabled: boolean
}

export class FakeSender {
  track: MediaStreamTrack | null = null
  getParameters = () => ({ encodings: [{}] }) as unknown as RTCRtpSendParameters
  setParameters = () => Promise.resolve()
  replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.track = track
    return Promise.resolve()
  }
}

export class FakeChannel {
  readyState = 'connecting'
  sent: string[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null
  send(word: string): void {
    this.sent.push(word)
  }
}

export class FakeConnection {
  signalingState: RTCSignalingState = 'stable'
  connectionState: RTCPeerConnectionState = 'new'
  localDescription: RTCSessionDescriptionInit | null = null
  remoteDescription: RTCSessionDescriptionInit | null = null
  candidates: RTCIceCandidateInit[] = []
  transceivers: { direction: string; sender: FakeSender; receiver: { track: FakeTrack } }[] = []
  channel: FakeChannel | null = null
  closed = false
  restarts = 0
  bytes = 0
  onnegotiationneeded: (() => void) | null = null
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null
  onconnectionstatechange: (() => void) | null = null
  ontrack: ((event: { track: unknown }) => void) | null = null
  private needed = false
  private count = 0

  addTransceiver(kind: string, { direction }: { direction: string }): void {
    this.transceivers.push({ direction, sender: new FakeSender(), receiver: { track: { kind, enabled: true } } })
    this.need()
  }

  createDataChannel(): FakeChannel {
    this.channel = new FakeChannel()
    return this.channel
  }

  restartIce(): void {
    this.restarts += 1
    this.need()
  }

  getTransceivers = () => this.transceivers
  getReceivers = () => this.transceivers.map((line) => line.receiver)
  getStats = () => Promise.resolve(new Map([['pair', { type: 'candidate-pair', bytesReceived: this.bytes }]]))

  setLocalDescription(): Promise<void> {
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer'
    this.count += 1
    this.localDescription = { type, sdp: `${type} ${this.count}` }
    this.enter(type === 'offer' ? 'have-local-offer' : 'stable')
    return Promise.resolve()
  }

  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    if (description.type === 'answer' && this.signalingState !== 'have-local-offer') throw new Error('InvalidStateError')
    this.remoteDescription = description
    if (description.type === 'offer') this.lines()
    this.enter(description.type === 'offer' ? 'have-remote-offer' : 'stable')
    return Promise.resolve()
  }

  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (!this.remoteDescription) throw new Error('InvalidStateError')
    this.candidates.push(candidate)
    return Promise.resolve()
  }

  close(): void {
    this.closed = true
    this.connectionState = 'closed'
  }

  /** What the network did. */
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state
    this.onconnectionstatechange?.()
  }

  private lines(): void {
    if (this.transceivers.length > 0) return
    for (const kind of ['audio', 'video'])
      this.transceivers.push({ direction: 'recvonly', sender: new FakeSender(), receiver: { track: { kind, enabled: true } } })
    for (const { receiver } of this.transceivers) this.ontrack?.({ track: receiver.track })
  }

  private enter(state: RTCSignalingState): void {
    this.signalingState = state
    if (this.localDescription?.type === 'offer' && state === 'have-local-offer') this.needed = false
    if (state === 'stable' && this.needed) this.fire()
  }

  private need(): void {
    if (this.needed) return
    this.needed = true
    this.fire()
  }

  private fire(): void {
    queueMicrotask(() => {
      if (this.needed && this.signalingState === 'stable' && !this.closed) this.onnegotiationneeded?.()
    })
  }
}

export class FakeClock {
  private now = 0
  private timers: { at: number; act: () => void }[] = []

  after = (ms: number, act: () => void): (() => void) => {
    const timer = { at: this.now + ms, act }
    this.timers.push(timer)
    return () => (this.timers = this.timers.filter((one) => one !== timer))
  }

  async pass(ms: number): Promise<void> {
    const until = this.now + ms
    for (let next = this.first(until); next; next = this.first(until)) {
      this.now = next.at
      this.timers = this.timers.filter((one) => one !== next)
      next.act()
      await settle()
    }
    this.now = until
    await settle()
  }

  private first(until: number) {
    return this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0]
  }
}

export class FakeWorld implements World {
  connections: FakeConnection[] = []
  clock = new FakeClock()
  mediaDevices = undefined
  private ids = 0

  constructor(private readonly name = 'me') {}

  newConnection = () => {
    const connection = new FakeConnection()
    this.connections.push(connection)
    return connection as unknown as RTCPeerConnection
  }
  newStream = (tracks: MediaStreamTrack[]) => fakeStream(tracks)
  newId = () => `${this.name}${(this.ids += 1)}`
  newAudio = (): AudioContext => {
    throw new Error('no ears here')
  }

  get last(): FakeConnection {
    const last = this.connections.at(-1)
    if (!last) throw new Error('no connection was built')
    return last
  }
}

/** A socket whose other end is the test: `said` is what the page sent, `hear` what the server sends. */
export class FakeSocket implements BareSocket {
  connected = true
  said: { event: string; body: Record<string, unknown> }[] = []
  answer: CallAck = { ok: true }
  private readonly listeners = new Map<string, Set<(body: never) => void>>()

  on(event: string, listener: (body: never) => void): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener))
  }
  off(event: string, listener: (body: never) => void): void {
    this.listeners.get(event)?.delete(listener)
  }
  emit(event: string, body: unknown, ack?: (answer: CallAck) => void): void {
    this.said.push({ event, body: body as Record<string, unknown> })
    ack?.(this.answer)
  }
  hear(event: string, body: object = {}): void {
    for (const listener of this.listeners.get(event) ?? []) listener(body as never)
  }
  of(event: string): Record<string, unknown>[] {
    return this.said.filter((one) => one.event === event).map((one) => one.body)
  }
}

export function fakeTrack(kind: 'audio' | 'video'): MediaStreamTrack {
  return { kind, enabled: true } as unknown as MediaStreamTrack
}

export function fakeStream(tracks: MediaStreamTrack[]): MediaStream {
  return { getTracks: () => tracks, addTrack: (track: MediaStreamTrack) => tracks.push(track) } as unknown as MediaStream
}

/** Lets every promise that is under way come to rest. */
export function settle(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0))
}
