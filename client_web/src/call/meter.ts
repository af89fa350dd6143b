import type { World } from './world'

const LOOK_MS = 100

/**
 * Listens how loud a stream's microphone is: 0 (nothing) … 1. Reports ten times a second, and only while the
 * audio engine really runs (a page that nobody has touched yet may not be allowed to listen).
 */
export function meter(stream: MediaStream, world: Pick<World, 'newAudio' | 'clock'>, heard: (level: number) => void): () => void {
  const audio = world.newAudio()
  const analyser = audio.createAnalyser()
  analyser.fftSize = 512
  audio.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  let cancel: () => void = () => undefined
  const look = () => {
    analyser.getFloatTimeDomainData(samples)
    if (audio.state === 'running') heard(loudness(samples))
    cancel = world.clock.after(LOOK_MS, look)
  }
  void audio.resume()
  look()
  return () => {
    cancel()
    if (audio.state !== 'closed') void audio.close()
  }
}

/** Root mean square, stretched so that plain speech fills about half of the scale. */
function loudness(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return Math.min(1, Math.sqrt(sum / samples.length) * 5)
}
