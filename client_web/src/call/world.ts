/**
 * What a call needs from its surroundings. A browser gives the real ones, a test gives its own,
 * so that glare, loss and reloads can be played without a network.
 */
export interface Clock {
  /** Runs `act` once after `ms`; the answer cancels it. */
  after(ms: number, act: () => void): () => void
}

export interface World {
  newConnection(config: RTCConfiguration): RTCPeerConnection
  newStream(tracks: MediaStreamTrack[]): MediaStream
  newId(): string
  mediaDevices: MediaDevices | undefined
  newAudio(): AudioContext
  clock: Clock
}

export const browserClock: Clock = {
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}

export function browserWorld(): World {
  return {
    newConnection: (config) => new RTCPeerConnection(config),
    newStream: (tracks) => new MediaStream(tracks),
    newId: randomId,
    // Absent on an insecure origin; useDevices says so in words.
    mediaDevices: navigator.mediaDevices as MediaDevices | undefined,
    newAudio: () => new AudioContext(),
    clock: browserClock,
  }
}

/** 128 random bits in hex: `crypto.randomUUID` is missing on an insecure origin, this is not. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
