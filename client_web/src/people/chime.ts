/** Short sounds made on the spot; each kind of arrival has its own, so that it is known without looking. */
export type Chime = 'ticket' | 'offer' | 'answered' | 'paper' | 'help' | 'alert'

/** Hertz, one after the other. */
const NOTES: Record<Chime, number[]> = {
  ticket: [659, 523], offer: [659, 880, 659, 880], answered: [523, 659, 784], paper: [880], help: [784, 1047, 784, 1047], alert: [587, 440],
}
const NOTE_S = 0.16
const GAP_S = 0.25

export function makeChimes(newAudio: () => AudioContext = () => new AudioContext()) {
  let audio: AudioContext | null = null
  let free = 0

  /** Sounds at once, or after the one that is sounding: a second arrival is never silent. */
  function play(chime: Chime): void {
    audio ??= newAudio()
    void audio.resume()
    const start = Math.max(audio.currentTime, free)
    NOTES[chime].forEach((hertz, i) => note(audio!, hertz, start + i * NOTE_S))
    free = start + NOTES[chime].length * NOTE_S + GAP_S
  }
  /** A page that nobody has touched may not sound; call this from a click. */
  async function wake(): Promise<void> {
    audio ??= newAudio()
    await audio.resume()
  }
  return { play, wake, awake: () => audio?.state === 'running' }
}

function note(audio: AudioContext, hertz: number, at: number): void {
  const tone = audio.createOscillator()
  const volume = audio.createGain()
  tone.frequency.value = hertz
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(0.25, at + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S)
  tone.connect(volume).connect(audio.destination)
  tone.start(at)
  tone.stop(at + NOTE_S)
}
