/** Sounds made on the spot, so that no file need be fetched: a two-tone chime and a test melody. */
import { onScopeDispose, ref, type Ref } from 'vue'

export interface Chime {
  /** the browser wants a touch before it makes a sound */
  blocked: Ref<boolean>
  /** ask the browser again, from within a touch */
  unlock(): Promise<void>
  /** ding-dong: somebody is called */
  ring(): void
  /** a short melody to hear whether the loudspeaker works */
  melody(): void
}

const GONG = [
  { hz: 784, at: 0, s: 0.9 },
  { hz: 587, at: 0.45, s: 1.4 },
]
const MELODY = [523, 659, 784, 1047].map((hz, n) => ({ hz, at: n * 0.35, s: 0.6 }))

function play(audio: AudioContext, notes: typeof GONG): void {
  for (const note of notes) {
    const start = audio.currentTime + 0.03 + note.at
    const tone = new OscillatorNode(audio, { type: 'triangle', frequency: note.hz })
    const loud = new GainNode(audio, { gain: 0 })
    loud.gain.linearRampToValueAtTime(0.5, start + 0.02)
    loud.gain.exponentialRampToValueAtTime(0.001, start + note.s)
    tone.connect(loud).connect(audio.destination)
    tone.start(start)
    tone.stop(start + note.s)
  }
}

/** Chimes for as long as the scope lives. `make` builds the audio context of this page. */
export function useChime(make: () => AudioContext = () => new AudioContext()): Chime {
  const blocked = ref(false)
  let audio: AudioContext | null = null

  async function unlock(): Promise<void> {
    audio ??= make()
    // Where sound is not allowed yet, resume() waits for ever: look at the state instead.
    await Promise.race([audio.resume(), new Promise((kept) => setTimeout(kept, 300))])
    blocked.value = audio.state !== 'running'
  }
  async function sound(notes: typeof GONG): Promise<void> {
    await unlock()
    if (audio && !blocked.value) play(audio, notes)
  }
  onScopeDispose(() => void audio?.close())
  return { blocked, unlock, ring: () => void sound(GONG), melody: () => void sound(MELODY) }
}
