import { effectScope, nextTick, ref, shallowRef } from 'vue'
import { afterEach, expect, test } from 'vitest'

import { FakeSocket, FakeWorld, fakeStream, fakeTrack, settle } from './fakes'
import { useCall } from '@/call/useCall'

const scopes: { stop(): void }[] = []
afterEach(() => scopes.splice(0).forEach((scope) => scope.stop()))

/** A kiosk's page in the call of ticket T, with a camera and a microphone open. */
function kiosk({ member = 'citizen' as 'citizen' | 'clerk' | 'assistant' } = {}) {
  const socket = new FakeSocket()
  const world = new FakeWorld()
  const sending = ref(false)
  const tracks = { audio: fakeTrack('audio'), video: fakeTrack('video') }
  const local = shallowRef<MediaStream | null>(fakeStream(Object.values(tracks)))
  const scope = effectScope()
  scopes.push(scope)
  const call = scope.run(() => useCall({ ticket: 'T', member, socket, iceServers: [], local, sending }, world))
  if (!call) throw new Error('no scope')
  const sent = () => world.last.transceivers.map((line) => line.sender.track)
  return { socket, world, sending, tracks, local, call, sent, scope }
}

type Kiosk = ReturnType<typeof kiosk>

function offer(page: Kiosk, peer: string, toPeer = page.socket.of('call.join').at(-1)?.peer): void {
  page.socket.hear('call.signal', {
    ticket: 'T',
    from: 'clerk',
    fromPeer: peer,
    toPeer,
    data: { description: { type: 'offer', sdp: `offer of ${peer}` } },
  })
}

async function warm(page: Kiosk, peer = 'clerk1'): Promise<void> {
  page.socket.hear('call.here', { ticket: 'T', member: 'clerk', peer })
  offer(page, peer)
  await settle()
  page.world.last.become('connected')
  await settle()
}

test('nothing is sent while the way is warmed, all of it once sending is true', async () => {
  const page = kiosk()
  await warm(page)
  expect(page.call.state.value).toBe('warm')
  expect(page.sent()).toEqual([null, null])

  page.sending.value = true
  await settle()

  expect(page.call.state.value).toBe('connected')
  expect(page.sent()).toEqual([page.tracks.audio, page.tracks.video])
})

test('while it says reconnecting nothing is sent', async () => {
  const page = kiosk()
  page.sending.value = true
  await warm(page)

  page.world.last.become('failed')
  await settle()

  expect(page.call.state.value).toBe('reconnecting')
  expect(page.sent()).toEqual([null, null])
  expect(page.socket.of('call.state').at(-1)).toMatchObject({ connection: 'reconnecting' })
})

test('a reload of the other page builds the connection anew and the call returns', async () => {
  const page = kiosk()
  page.sending.value = true
  await warm(page)
  const before = page.world.last

  await warm(page, 'clerk2')

  expect(before.closed).toBe(true)
  expect(page.world.connections).toHaveLength(2)
  expect(page.call.state.value).toBe('connected')
  expect(page.sent()).toEqual([page.tracks.audio, page.tracks.video])
})

test('messages of an older page and to an older page are ignored', async () => {
  const page = kiosk()
  await warm(page, 'clerk1')
  await warm(page, 'clerk2')
  const said = page.socket.of('call.signal').length

  offer(page, 'clerk1')
  offer(page, 'clerk2', 'somebody else')
  page.socket.hear('call.joined', { ticket: 'T', member: 'clerk', peer: 'clerk1' })
  await settle()

  expect(page.world.connections).toHaveLength(2)
  expect(page.socket.of('call.signal')).toHaveLength(said)
})

test('signals go to the page they are meant for', async () => {
  const page = kiosk()
  await warm(page)

  expect(page.socket.of('call.signal')[0]).toMatchObject({ ticket: 'T', to: 'clerk', toPeer: 'clerk1' })
})

test('a connection past saving is joined again under a new name', async () => {
  const page = kiosk()
  page.sending.value = true
  await warm(page)
  const [first] = page.socket.of('call.join')
  page.world.last.become('failed')

  await page.world.clock.pass(20_000)

  const joins = page.socket.of('call.join')
  expect(joins).toHaveLength(2)
  expect(joins[1]?.peer).not.toBe(first?.peer)
  expect(page.call.state.value).toBe('reconnecting')
})

test('a lost socket joins again under the same name and leaves the media alone', async () => {
  const page = kiosk()
  page.sending.value = true
  await warm(page)

  page.socket.hear('connect')
  page.socket.hear('call.here', { ticket: 'T', member: 'clerk', peer: 'clerk1' })
  await settle()

  const [first, second] = page.socket.of('call.join')
  expect(second).toEqual(first)
  expect(page.world.connections).toHaveLength(1)
  expect(page.call.state.value).toBe('connected')
})

test('a refused join is tried again', async () => {
  const page = kiosk()
  page.socket.answer = { ok: false, code: 'not_yet', kind: 'not_now', text: '' }
  page.socket.hear('connect')
  page.socket.answer = { ok: true }

  await page.world.clock.pass(2_000)

  expect(page.socket.of('call.join')).toHaveLength(3)
})

test('a page that was replaced falls silent and stays so', async () => {
  const page = kiosk()
  await warm(page)

  page.socket.hear('call.replaced', { ticket: 'T', peer: 'another page' })
  page.socket.hear('connect')

  expect(page.call.replaced.value).toBe(true)
  expect(page.call.state.value).toBe('closed')
  expect(page.world.last.closed).toBe(true)
  expect(page.socket.of('call.join')).toHaveLength(1)
  expect(page.socket.of('call.leave')).toHaveLength(0)
})

test('our own rejoin does not replace us', async () => {
  const page = kiosk()
  page.socket.hear('call.replaced', { ticket: 'T', peer: page.socket.of('call.join')[0]?.peer })

  expect(page.call.replaced.value).toBe(false)
})

test('mute silences the track and tells the other side', async () => {
  const page = kiosk()
  await warm(page)

  page.call.mute('camera', true)
  await nextTick()

  expect(page.tracks.video.enabled).toBe(false)
  expect(page.tracks.audio.enabled).toBe(true)
  expect(page.socket.of('call.state').at(-1)).toMatchObject({ microphone: true, camera: false })
})

test('a camera opened while muted stays dark', () => {
  const page = kiosk()
  page.call.mute('camera', true)
  const fresh = fakeTrack('video')

  page.local.value = fakeStream([fresh])

  expect(fresh.enabled).toBe(false)
})

test("the other side's switches are shown, an older page's are not", async () => {
  const page = kiosk()
  await warm(page)
  const told = { ticket: 'T', member: 'clerk', microphone: false, camera: true, connection: 'connected' }

  page.socket.hear('call.state', { ...told, peer: 'clerk1' })
  page.socket.hear('call.state', { ...told, peer: 'clerk0', camera: false })

  expect(page.call.other.value).toEqual({ microphone: false, camera: true })
})

test('ready reaches its listeners', async () => {
  const page = kiosk()
  await warm(page)
  let heard = 0
  page.call.onReady(() => (heard += 1))

  page.world.last.channel?.onmessage?.({ data: 'ready' })

  expect(heard).toBe(1)
})

test('an assistant sees the call and has no connection', () => {
  const page = kiosk({ member: 'assistant' })
  page.socket.hear('call.joined', { ticket: 'T', member: 'clerk', peer: 'c' })

  page.socket.hear('call.state', { ticket: 'T', member: 'clerk', peer: 'c', microphone: true, camera: true, connection: 'connected' })

  expect(page.world.connections).toHaveLength(0)
  expect(page.call.state.value).toBe('connected')
})

test('the end of the page is the end of its call', async () => {
  const page = kiosk()
  await warm(page)

  page.scope.stop()
  page.socket.hear('connect')

  expect(page.world.last.closed).toBe(true)
  expect(page.socket.of('call.leave')).toHaveLength(1)
  expect(page.socket.of('call.join')).toHaveLength(1)
})

test('a broken line of the other side leaves the picture alone, a farewell does not', async () => {
  const page = kiosk()
  page.sending.value = true
  await warm(page)
  const left = { ticket: 'T', member: 'clerk', peer: 'clerk1' }

  page.socket.hear('call.left', { ...left, lost: true })
  const broken = page.call.state.value
  page.socket.hear('call.left', { ...left, lost: false })

  expect([broken, page.call.state.value]).toEqual(['connected', 'reconnecting'])
  expect(page.world.last.closed).toBe(true)
})
