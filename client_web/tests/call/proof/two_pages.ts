/** Both ends of one call in one browser page, for tests/browser/test_peer.py. */
import { effectScope, ref, type EffectScope } from 'vue'

import { useCall } from '../../../src/call/useCall'
import { useDevices } from '../../../src/call/useDevices'
import { browserWorld } from '../../../src/call/world'
import { Hub, type Seat } from './hub'

type End = 'citizen' | 'clerk'

interface Open {
  scope: EffectScope
  seat: Seat
  call: ReturnType<typeof useCall>
  connections: RTCPeerConnection[]
  sending: ReturnType<typeof ref<boolean>>
}

const hub = new Hub()
const ends = new Map<End, Open>()

async function open(member: End, begin: boolean): Promise<void> {
  const scope = effectScope()
  const seat = hub.socket(member)
  const connections: RTCPeerConnection[] = []
  const world = {
    ...browserWorld(),
    newConnection: (config: RTCConfiguration) => connections[connections.push(new RTCPeerConnection(config)) - 1]!,
  }
  const sending = ref(begin)
  const opened = scope.run(() => {
    const devices = useDevices(world)
    const call = useCall({ ticket: 'T', member, socket: seat, iceServers: [], local: devices.stream, sending }, world)
    call.onReady(() => (sending.value = true))
    return { devices, call }
  })!
  ends.set(member, { scope, seat, call: opened.call, connections, sending })
  show(member, opened.call)
  await opened.devices.open()
}

function show(member: End, call: Open['call']): void {
  const video = document.createElement('video')
  video.id = member
  video.muted = video.autoplay = true
  document.getElementById(member)?.remove()
  document.body.append(video)
  const draw = () => {
    if (video.srcObject !== call.remote.value) video.srcObject = call.remote.value
    requestAnimationFrame(draw)
  }
  draw()
}

function end(member: End): Open {
  const found = ends.get(member)
  if (!found) throw new Error(`${member} is not there`)
  return found
}

/** What a reload is to the other side: silence without a word, then a new page. */
async function reload(member: End): Promise<void> {
  const { scope, seat, connections } = end(member)
  hub.remove(seat)
  seat.connected = false
  connections.forEach((connection) => connection.close())
  scope.stop()
  await open(member, true)
}

/** What arrived and was decoded over the newest connection of this end. */
async function received(member: End) {
  const report = await end(member).connections.at(-1)?.getStats()
  const seen = { frames: 0, width: 0, samples: 0, packetsSent: 0 }
  report?.forEach((row) => {
    if (row.type === 'inbound-rtp' && row.kind === 'video') seen.frames += row.framesDecoded ?? 0
    if (row.type === 'inbound-rtp' && row.kind === 'video') seen.width = row.frameWidth ?? 0
    if (row.type === 'inbound-rtp' && row.kind === 'audio') seen.samples += row.jitterBufferEmittedCount ?? 0
    if (row.type === 'outbound-rtp') seen.packetsSent += row.packetsSent ?? 0
  })
  return seen
}

/** How this end stands, in values that a test can compare. */
function standing(member: End) {
  const { call, connections } = end(member)
  const connection = connections.at(-1)
  return {
    state: call.state.value,
    signaling: connection?.signalingState,
    lines: connection?.getTransceivers().map((line) => line.currentDirection),
    ice: /a=ice-ufrag:(\S+)/.exec(connection?.localDescription?.sdp ?? '')?.[1],
    other: call.other.value,
  }
}

function arrive(): void {
  end('citizen').call.sayReady()
  end('citizen').sending.value = true
}

function glare(): void {
  for (const member of ['citizen', 'clerk'] as const) end(member).connections.at(-1)?.restartIce()
}

const mute = (member: End, device: 'microphone' | 'camera', on: boolean) => end(member).call.mute(device, on)

Object.assign(window, { proof: { open, reload, received, standing, arrive, glare, mute } })
