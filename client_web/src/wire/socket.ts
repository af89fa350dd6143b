/** The live line to the house: one WebSocket per page, which comes back by itself. */
import { onScopeDispose, ref, type Ref } from 'vue'
import { io, type Socket } from 'socket.io-client'
import type { ClientEvents, Face, ServerEvents } from './models'

export type Line = Socket<ServerEvents, ClientEvents>

/** Open the line of one face. Cookies say who calls, `auth.face` in which capacity. */
export function openLine(face: Face): Line {
  return io({
    path: '/socket.io',
    transports: ['websocket'],
    auth: { face },
    reconnectionDelay: 400,
    reconnectionDelayMax: 5000,
    randomizationFactor: 0.5,
  })
}

/** Whether the line stands at this moment. */
export function useConnected(line: Pick<Line, 'connected' | 'on' | 'off'>): Ref<boolean> {
  const connected = ref(line.connected)
  const up = () => void (connected.value = true)
  const down = () => void (connected.value = false)
  line.on('connect', up)
  line.on('disconnect', down)
  onScopeDispose(() => {
    line.off('connect', up)
    line.off('disconnect', down)
  })
  return connected
}
