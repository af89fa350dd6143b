/**
 * What a call needs from its surroundings. A browser gives the real ones, a test gives its own,
 * so that glare, loss and reloads can be played without a network.
 */
import { wallClock, type Clock as WholeClock } from '../wire/clock'

export type Clock = Pick<WholeClock, 'after'>

export interface World {
  newConnection(config: RTCConfiguration): RTCPeerConnection
  newStream(tracks: MediaStreamTrack[]): MediaStream
  newId(): string
  mediaDevices: MediaDevices | undefined
  newAudio(): AudioContext
  clock: Clock
}

export function browserWorld(): World {
  return {
    newConnection: (config) => new RTCPeerConnection(config),
    newStream: (tracks) => new MediaStream(tracks),
    newId: randomId,
    // Absent on an insecure origin; useDevices says so in words.
    mediaDevices: navigator.mediaDevices as MediaDevices | undefined,
    newAudio: () => new AudioContext(),
    clock: wallClock,
  }
}

/** 128 random bits in hex: `crypto.randomUUID` is missing on an insecure origin, this is not. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
