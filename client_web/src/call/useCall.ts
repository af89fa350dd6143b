import { computed, onScopeDispose, readonly, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'

import type { Patience, Transport } from './health'
import type { CallSocket, CallState, Connection, Member } from './messages'
import { HOPELESS, Room } from './room'
import { useMute } from './useMute'
import { browserWorld, type World } from './world'

export type State = 'idle' | 'warming' | 'warm' | 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'closed'

export interface CallParts {
  /** null: no call; another id: leave the one, join the other */
  ticket: MaybeRefOrGetter<string | null>
  member: Member
  socket: CallSocket
  iceServers: MaybeRefOrGetter<RTCIceServer[]>
  local: Ref<MediaStream | null>
  /** false: the way is warmed and nothing is sent over it */
  sending: Ref<boolean>
  patience?: Patience
}

const CONNECTION: Record<State, Connection> = {
  idle: 'new',
  warming: 'connecting',
  warm: 'connected',
  connecting: 'connecting',
  connected: 'connected',
  reconnecting: 'reconnecting',
  failed: 'failed',
  closed: 'closed',
}

/**
 * One page's side of one ticket's call. Tracks are attached only while `sending` is true *and* the way to
 * the other page stands: before the citizen says yes, and while the screen says "reconnecting", nothing
 * leaves this device. Joins again by itself after a reload, a lost socket or a connection past saving.
 */
export function useCall(parts: CallParts, world: World = browserWorld()) {
  const { mute, sends, trackOf, microphone, camera } = useMute(parts.local)
  const remote = shallowRef<MediaStream | null>(null)
  const otherState = shallowRef<CallState | null>(null)
  const transport = ref<Transport>('connecting')
  const failures = ref(0)
  const wasConnected = ref(false)
  const replaced = ref(false)
  const left = ref(false)
  const listeners = new Set<() => void>()
  let room: Room | null = null

  const state = computed<State>(() => {
    if (replaced.value || left.value) return 'closed'
    if (!toValue(parts.ticket)) return 'idle'
    if (parts.member === 'assistant') return bystander(otherState.value)
    if (transport.value === 'connected') return parts.sending.value ? 'connected' : 'warm'
    if (!parts.sending.value) return 'warming'
    if (failures.value >= HOPELESS) return 'failed'
    return wasConnected.value ? 'reconnecting' : 'connecting'
  })

  function open(ticket: string): void {
    replaced.value = left.value = wasConnected.value = false
    moved('connecting', 0)
    room = new Room({
      ticket,
      member: parts.member,
      socket: parts.socket,
      iceServers: () => toValue(parts.iceServers),
      world,
      patience: parts.patience,
      told: () => ({ microphone: sends('audio'), camera: sends('video'), connection: CONNECTION[state.value] }),
      transport: moved,
      met: () => (transport.value = 'connecting'),
      remote: (stream) => (remote.value = stream),
      other: (told) => (otherState.value = told),
      ready: () => listeners.forEach((listener) => listener()),
      replaced: () => (replaced.value = true),
    })
  }

  function moved(now: Transport, failed: number): void {
    failures.value = failed
    transport.value = now
  }

  function close(): void {
    room?.leave()
    room = null
  }

  function leave(): void {
    close()
    left.value = true
  }

  function carry(): void {
    const open = parts.sending.value && transport.value === 'connected'
    for (const kind of ['audio', 'video'] as const) void room?.peer?.carry(kind, open ? trackOf(kind) : null)
  }

  function follow(ticket: string | null): void {
    close()
    if (ticket) open(ticket)
  }

  // Sync: a track must not stay attached for even one tick of a state that forbids it.
  watch(() => toValue(parts.ticket), follow, { immediate: true, flush: 'sync' })
  watch([parts.local, parts.sending, transport], carry, { flush: 'sync' })
  watch(state, (now) => (wasConnected.value ||= now === 'connected'), { flush: 'sync' })
  watch([state, microphone, camera, parts.local], () => room?.tell())
  onScopeDispose(close)

  return {
    remote,
    state,
    replaced: readonly(replaced),
    mute,
    microphone,
    camera,
    other: computed(() => otherState.value && pick(otherState.value)),
    sayReady: () => room?.sayReady(),
    leave,
    onReady: (listener: () => void) => void listeners.add(listener),
  }
}

function pick({ microphone, camera }: CallState) {
  return { microphone, camera }
}

/** An assistant has no media of its own; it sees what the two ends say of theirs. */
function bystander(told: CallState | null): State {
  if (!told || told.connection === 'new') return 'warming'
  return told.connection
}
