import { readonly, ref, watch, type Ref } from 'vue'

import type { Kind } from './peer'

export type Device = 'microphone' | 'camera'

const DEVICE: Record<Kind, Device> = { audio: 'microphone', video: 'camera' }

/** What of the local stream is switched on; holds over a change of camera and over a new stream. */
export function useMute(local: Ref<MediaStream | null>) {
  const switches = { microphone: ref(true), camera: ref(true) }

  function trackOf(kind: Kind): MediaStreamTrack | null {
    return local.value?.getTracks().find((track) => track.kind === kind) ?? null
  }

  /** What the other side may expect of us; a missing device counts as switched off. */
  function sends(kind: Kind): boolean {
    return trackOf(kind) !== null && switches[DEVICE[kind]].value
  }

  /** `mute('camera', true)` switches the camera off. */
  function mute(device: Device, on: boolean): void {
    switches[device].value = !on
  }

  function apply(): void {
    for (const track of local.value?.getTracks() ?? []) {
      const on = switches[DEVICE[track.kind as Kind]].value
      if (track.enabled !== on) track.enabled = on
    }
  }

  // Sync: a newly opened microphone must not be live for even one tick while its switch says off.
  watch([local, switches.microphone, switches.camera], apply, { immediate: true, flush: 'sync' })

  return { mute, sends, trackOf, microphone: readonly(switches.microphone), camera: readonly(switches.camera) }
}
