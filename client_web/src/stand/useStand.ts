/** A device's own place in the hall (kiosk or hall screen): enrolled or not, at which point, and for which ticket it is kept. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { Refused } from '@/wire/api'
import type { Device } from '@/wire/models'
import type { World } from '@/wire/world'

const AGAIN_MS = 3000

export interface Stand {
  device: ShallowRef<Device | null>
  state: Ref<'asking' | 'none' | 'there'>
  /** Ask the house who we are. Insists until there is an answer. */
  ask(): Promise<void>
  /** Become a device of a point with a one-time code. Throws what the house says. */
  enrol(code: string): Promise<void>
}

export function useStand(world: Pick<World, 'api' | 'clock' | 'line'>): Stand {
  const device = shallowRef<Device | null>(null)
  const state = ref<'asking' | 'none' | 'there'>('asking')
  let again = () => {}

  function know(known: Device): void {
    device.value = known
    state.value = 'there'
  }
  async function ask(): Promise<void> {
    again()
    try {
      know(await world.api('GET /api/device'))
    } catch (why) {
      if (why instanceof Refused && why.status < 500 && why.status !== 429) state.value = 'none'
      else again = world.clock.after(AGAIN_MS, () => void ask())
    }
  }
  async function enrol(code: string): Promise<void> {
    know(await world.api('POST /api/devices/enrol', { body: { code: code.trim() } }))
    // The line was opened as a stranger; the new cookie counts from its next handshake.
    world.line.disconnect().connect()
  }
  // Refused at its door the line does not knock again by itself; a device that has its place does.
  let knock = () => {}
  function turnedAway(): void {
    knock()
    if (state.value === 'there' && !world.line.active) knock = world.clock.after(AGAIN_MS, () => void world.line.connect())
  }
  world.line.on('connect_error', turnedAway)
  onScopeDispose(() => {
    world.line.off('connect_error', turnedAway)
    knock()
    again()
  })
  return { device, state, ask, enrol }
}
