import { onScopeDispose, ref, shallowRef } from 'vue'

import { meter } from './meter'
import { browserWorld, type World } from './world'

export type Problem = 'denied' | 'none' | 'in_use' | 'silent' | 'unplugged'

/** A microphone under this level for this long is called silent (a hall is never that quiet). */
const SILENCE = 0.003
const SILENT_MS = 8_000

const AUDIO: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
const VIDEO: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 25, max: 30 },
}

/**
 * This device's camera and microphone: opens both (or the one there is), says what is wrong in one word of a
 * closed list, notices a pulled plug and a microphone that hears nothing, and comes back when a device returns.
 */
export function useDevices(world: World = browserWorld()) {
  const stream = shallowRef<MediaStream | null>(null)
  const devices = shallowRef<MediaDeviceInfo[]>([])
  const problem = ref<Problem | null>(null)
  const level = ref(0)
  let wanted = false
  let stopMeter: () => void = () => undefined
  let stopSilence: () => void = () => undefined
  const media = world.mediaDevices

  async function open(): Promise<void> {
    wanted = true
    if (!media) {
      problem.value = 'denied'
      return
    }
    try {
      adopt(await firstThatOpens(media))
    } catch (reason) {
      problem.value = problemOf(reason)
    }
    await list()
  }

  function adopt({ opened, missing }: Opened): void {
    release()
    if (!wanted) {
      opened.getTracks().forEach((track) => track.stop())
      return
    }
    stream.value = opened
    problem.value = missing ? 'none' : null
    opened.getTracks().forEach(watchPlug)
    listen(opened)
  }

  function watchPlug(track: MediaStreamTrack): void {
    // `ended` comes only when the device goes; stopping it ourselves is silent.
    track.onended = () => (problem.value = 'unplugged')
  }

  function listen(opened: MediaStream): void {
    stopMeter()
    stopSilence()
    if (opened.getAudioTracks().length === 0) return
    stopMeter = meter(opened, world, heard)
  }

  let quiet = false
  function heard(now: number): void {
    level.value = now
    const muted = stream.value?.getAudioTracks().some((track) => !track.enabled) ?? true
    if (now > SILENCE || muted) {
      quiet = false
      stopSilence()
      if (problem.value === 'silent' && now > SILENCE) problem.value = null
    } else if (!quiet) {
      quiet = true
      stopSilence = world.clock.after(SILENT_MS, () => (problem.value ??= 'silent'))
    }
  }

  function release(): void {
    stopMeter()
    stopSilence()
    quiet = false
    level.value = 0
    stream.value?.getTracks().forEach(stopTrack)
    stream.value = null
  }

  function close(): void {
    wanted = false
    release()
    problem.value = null
  }

  async function list(): Promise<void> {
    devices.value = (await media?.enumerateDevices()) ?? []
  }

  /** The next camera of this device; the old picture stays until the new one is there. */
  async function switchCamera(): Promise<void> {
    const before = stream.value
    const next = nextCamera(devices.value, before)
    if (!media || !before || !next) return
    try {
      const video = { ...VIDEO, deviceId: { exact: next.deviceId } }
      const [picture] = (await media.getUserMedia({ video })).getVideoTracks()
      if (picture) swap(before, picture)
    } catch (reason) {
      problem.value = problemOf(reason)
    }
  }

  function swap(before: MediaStream, picture: MediaStreamTrack): void {
    if (stream.value !== before) {
      picture.stop()
      return
    }
    before.getVideoTracks().forEach(stopTrack)
    watchPlug(picture)
    // A new stream object, so that whoever watches `stream` takes the new picture.
    stream.value = world.newStream([...before.getAudioTracks(), picture])
  }

  async function changed(): Promise<void> {
    await list()
    const waiting = problem.value === 'none' || problem.value === 'unplugged'
    if (wanted && waiting) await open()
  }

  media?.addEventListener('devicechange', changed)
  onScopeDispose(() => {
    media?.removeEventListener('devicechange', changed)
    close()
  })

  return { stream, devices, problem, open, close, switchCamera, level }
}

interface Opened {
  opened: MediaStream
  missing: boolean
}

/** Camera and microphone, or the one that there is: a call with sound only is still a call. */
async function firstThatOpens(media: MediaDevices): Promise<Opened> {
  try {
    return { opened: await media.getUserMedia({ audio: AUDIO, video: VIDEO }), missing: false }
  } catch (reason) {
    if (problemOf(reason) !== 'none') throw reason
  }
  try {
    return { opened: await media.getUserMedia({ audio: AUDIO }), missing: true }
  } catch (reason) {
    if (problemOf(reason) !== 'none') throw reason
  }
  return { opened: await media.getUserMedia({ video: VIDEO }), missing: true }
}

function problemOf(reason: unknown): Problem {
  const name = reason instanceof Error || reason instanceof DOMException ? reason.name : ''
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none'
  if (name === 'NotReadableError' || name === 'AbortError') return 'in_use'
  return 'denied'
}

function nextCamera(devices: MediaDeviceInfo[], stream: MediaStream | null): MediaDeviceInfo | null {
  const cameras = devices.filter((device) => device.kind === 'videoinput')
  const current = stream?.getVideoTracks()[0]?.getSettings().deviceId
  if (cameras.length < 2) return null
  const at = cameras.findIndex((camera) => camera.deviceId === current)
  return cameras[(at + 1) % cameras.length] ?? null
}

function stopTrack(track: MediaStreamTrack): void {
  track.onended = null
  track.stop()
}
