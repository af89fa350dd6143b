import { effectScope, nextTick, ref } from 'vue'
import { describe, expect, test } from 'vitest'
import { Refused, Unreachable } from '@/wire/api'
import type { Snapshot } from '@/wire/models'
import { useSubject, type SubjectWorld } from '@/wire/subject'
import { HandClock, HandLine, settle } from './world'

interface Line extends Snapshot {
  ahead: number
}
function stage(answers: (() => Line)[], name = ref<string | null>('ticket:1')) {
  const clock = new HandClock()
  const line = new HandLine()
  let asked = 0
  const fetch = () => {
    const answer = answers[Math.min(asked++, answers.length - 1)]!
    return new Promise<Line>((kept) => kept(answer()))
  }
  const scope = effectScope()
  const world = { clock, line, fetch } as unknown as SubjectWorld<Line>
  const watched = scope.run(() => useSubject<Line>(name, world))!
  return { clock, line, scope, watched, name, asked: () => asked }
}
const at = (version: number, ahead = 0) => (): Line => ({ subject: 'ticket:1', version, at: '', ahead })
const fact = (version: number, ahead: number) => ({ subject: 'ticket:1', version, kind: 'moved', at: '', shows: { ahead } })

describe('a watched subject', () => {
  test('is the snapshot, moved by facts', async () => {
    const { line, watched } = stage([at(1, 5)])
    await settle()
    line.say('fact', fact(2, 4))

    expect(watched.snapshot.value).toMatchObject({ version: 2, ahead: 4 })
    expect(line.sent).toEqual([['watch', { subject: 'ticket:1' }]])
  })
  test('takes in a fact that overtook the snapshot', async () => {
    const { line, watched } = stage([at(1, 5)])
    line.say('fact', fact(2, 4))
    await settle()

    expect(watched.snapshot.value).toMatchObject({ version: 2, ahead: 4 })
  })
  test('asks again after a gap', async () => {
    const { line, watched, asked } = stage([at(1, 5), at(3, 1)])
    await settle()
    line.say('fact', fact(3, 1))
    await settle()

    expect([asked(), watched.snapshot.value?.version]).toEqual([2, 3])
  })
  test('asks again when the beat is ahead of it, not when level', async () => {
    const { line, asked } = stage([at(1), at(2)])
    await settle()
    line.say('beat', { at: '', versions: { 'ticket:1': 1 } })
    await settle()
    const level = asked()
    line.say('beat', { at: '', versions: { 'ticket:1': 2 } })
    await settle()

    expect([level, asked()]).toEqual([1, 2])
  })
  test('watches and asks again when the line comes back', async () => {
    const { line, asked } = stage([at(1)])
    await settle()
    line.say('connect')
    await settle()

    expect([asked(), line.sent.length]).toEqual([2, 2])
  })
  test('is stale after 15 s of silence and fresh with the next beat', async () => {
    const { clock, line, watched } = stage([at(1)])
    await settle()
    clock.turn(15_000)
    const before = watched.stale.value
    clock.turn(1_000)
    const after = watched.stale.value
    line.say('beat', { at: '', versions: { 'ticket:1': 1 } })

    expect([before, after, watched.stale.value]).toEqual([false, true, false])
  })
  test('keeps asking while the house is out of reach', async () => {
    const { clock, watched } = stage([() => { throw new Unreachable('x') }, at(7)])
    await settle()
    clock.turn(2_000)
    await settle()

    expect(watched.snapshot.value?.version).toBe(7)
  })
  test('says why it may not be seen, and does not insist', async () => {
    const { clock, watched, asked } = stage([() => { throw new Refused(404, { code: 'no_such_ticket' }) }])
    await settle()
    clock.turn(60_000)

    expect([watched.refused.value?.code, asked()]).toEqual(['no_such_ticket', 1])
  })
  test('takes an answer to an act unless it is older', async () => {
    const { watched } = stage([at(5, 1)])
    await settle()
    watched.take(at(4, 9)())
    const kept = watched.snapshot.value?.ahead
    watched.take(at(6, 0)())

    expect([kept, watched.snapshot.value?.ahead]).toEqual([1, 0])
  })
  test('is forgotten when the subject goes, and silent after its scope', async () => {
    const { line, watched, name, scope } = stage([at(1)])
    await settle()
    name.value = null
    await nextTick()
    scope.stop()
    line.say('fact', fact(2, 1))

    expect(watched.snapshot.value).toBeNull()
  })
})
