import { expect, test } from 'vitest'

import { FakeWorld, fakeTrack, settle } from './fakes'
import type { SignalData } from '@/call/messages'
import { Peer } from '@/call/peer'

/** One end of a call, with what it wants to say kept until the test delivers it. */
function end(polite: boolean) {
  const world = new FakeWorld()
  const said: SignalData[] = []
  const heard = { transport: [] as string[], gaveUp: 0, ready: 0, remote: 0 }
  const peer = new Peer({
    world,
    iceServers: [],
    polite,
    send: (body) => said.push(body),
    transport: (transport) => heard.transport.push(transport),
    remote: () => (heard.remote += 1),
    ready: () => (heard.ready += 1),
    giveUp: () => (heard.gaveUp += 1),
  })
  return { peer, world, said, heard, connection: world.last }
}

type End = ReturnType<typeof end>

async function deliver(from: End, to: End): Promise<void> {
  await settle()
  for (const body of from.said.splice(0)) to.peer.receive(body)
  await settle()
}

async function negotiated(): Promise<{ clerk: End; citizen: End }> {
  const [clerk, citizen] = [end(false), end(true)]
  await deliver(clerk, citizen)
  await deliver(citizen, clerk)
  return { clerk, citizen }
}

test('the clerk lays out the lines without tracks and the citizen takes them over', async () => {
  const { clerk, citizen } = await negotiated()

  expect(clerk.connection.signalingState).toBe('stable')
  expect(citizen.connection.transceivers.map((line) => line.direction)).toEqual(['sendrecv', 'sendrecv'])
  expect(citizen.connection.transceivers.every((line) => line.sender.track === null)).toBe(true)
  expect(citizen.connection.channel).not.toBeNull()
})

test('one remote stream is told for all its tracks', async () => {
  const { citizen } = await negotiated()

  expect(citizen.heard.remote).toBe(1)
})

test('when both offer at once the impolite offer wins and both come to rest', async () => {
  const { clerk, citizen } = await negotiated()
  clerk.connection.restartIce()
  citizen.connection.restartIce()
  await settle()
  expect(clerk.connection.signalingState).toBe('have-local-offer')
  expect(citizen.connection.signalingState).toBe('have-local-offer')

  await deliver(citizen, clerk)
  expect(clerk.said.filter((body) => body.description?.type === 'answer')).toEqual([])
  await deliver(clerk, citizen)
  await deliver(citizen, clerk)

  expect(clerk.connection.signalingState).toBe('stable')
  expect(citizen.connection.signalingState).toBe('stable')
  expect(clerk.connection.remoteDescription?.type).toBe('answer')
})

test('candidates of an ignored offer are ignored with it', async () => {
  const { clerk, citizen } = await negotiated()
  clerk.connection.restartIce()
  citizen.connection.restartIce()
  await settle()
  citizen.said.push({ candidate: { candidate: 'of the lost offer' } })

  await deliver(citizen, clerk)

  expect(clerk.connection.candidates).toEqual([])
})

test('candidates wait for the description', async () => {
  const [clerk, citizen] = [end(false), end(true)]
  citizen.peer.receive({ candidate: { candidate: 'early' } })
  await settle()
  expect(citizen.connection.candidates).toEqual([])

  await deliver(clerk, citizen)

  expect(citizen.connection.candidates).toEqual([{ candidate: 'early' }])
})

test('an answer nobody waits for is dropped', async () => {
  const { clerk } = await negotiated()

  clerk.peer.receive({ description: { type: 'answer', sdp: 'late' } })
  await settle()

  expect(clerk.heard.gaveUp).toBe(0)
  expect(clerk.connection.remoteDescription?.sdp).not.toBe('late')
})

test('an offer that the socket swallowed is said again', async () => {
  const clerk = end(false)
  await settle()
  const [lost] = clerk.said.splice(0)

  clerk.peer.resync()
  await settle()

  expect(clerk.said).toEqual([lost])
})

test('a track given before the lines stand is sent as soon as they do', async () => {
  const [clerk, citizen] = [end(false), end(true)]
  const track = fakeTrack('video')
  await citizen.peer.carry('video', track)

  await deliver(clerk, citizen)

  expect(citizen.connection.transceivers[1]?.sender.track).toBe(track)
})

test('ready waits for the channel to open', async () => {
  const { citizen } = await negotiated()
  const channel = citizen.connection.channel
  citizen.peer.sayReady()
  expect(channel?.sent).toEqual([])

  channel?.onopen?.()

  expect(channel?.sent).toEqual(['ready'])
})

test('failed restarts ICE, and gives up when that does not help', async () => {
  const { clerk } = await negotiated()
  clerk.connection.become('connected')
  clerk.connection.become('failed')
  expect(clerk.connection.restarts).toBe(1)
  expect(clerk.heard.gaveUp).toBe(0)

  await clerk.world.clock.pass(8_000)

  expect(clerk.heard.gaveUp).toBe(1)
})

test('disconnected is doubted only while no bytes come', async () => {
  const { clerk } = await negotiated()
  clerk.connection.become('connected')
  clerk.connection.become('disconnected')
  await settle()
  clerk.connection.bytes = 1_000
  await clerk.world.clock.pass(2_500)
  expect(clerk.heard.transport.at(-1)).toBe('connected')

  await clerk.world.clock.pass(2_500)

  expect(clerk.heard.transport.at(-1)).toBe('lost')
  expect(clerk.connection.restarts).toBe(0)
})

test('a closed end says and hears nothing more', async () => {
  const { clerk, citizen } = await negotiated()
  citizen.peer.close()

  citizen.peer.receive({ description: { type: 'offer', sdp: 'late' } })
  await clerk.world.clock.pass(60_000)
  await citizen.world.clock.pass(60_000)

  expect(citizen.said).toEqual([])
  expect(citizen.connection.closed).toBe(true)
  expect(citizen.heard.gaveUp).toBe(0)
})
