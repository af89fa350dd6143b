import { effectScope, ref } from 'vue'
import { describe, expect, test } from 'vitest'
import { idFault, nameFault, phoneFault, tidyId } from '@/kiosk/identity'
import { screenOf } from '@/kiosk/journey'
import { useIdle } from '@/kiosk/useIdle'
import { newest, usePapers, LARGEST_BYTES } from '@/papers/usePapers'
import { useRating } from '@/kiosk/useRating'
import type { PaperRow } from '@/wire/models'
import { HandClock, settle } from './world'

const now = Date.UTC(2026, 10, 22)

describe('an ID number', () => {
  test('of the standard’s own examples is right, also with a small x and blanks', () => {
    expect(['11010519491231002X', '440524188001010014', '110105 19491231 002x'].map((id) => idFault(id, now))).toEqual([null, null, null])
  })
  test('is told what is wrong with it', () => {
    expect(idFault('1101051949', now)).toBe('short')
    expect(idFault('11010519491231002X0', now)).toBe('long')
    expect(idFault('11010519491X', now)).toBe('signs')
    expect(idFault('1101A5194912', now)).toBe('signs')
    expect(idFault('110105194902300021', now)).toBe('date')
    expect(idFault('110105209912310025', now)).toBe('future')
    expect(idFault('110105194912310021', now)).toBe('check')
  })
  test('is stored without blanks and with a large X', () => {
    expect(tidyId(' 1101 0519491231002x ')).toBe('11010519491231002X')
  })
})
test('names and phones', () => {
  expect([nameFault('陈示例'), nameFault('阿不都·热西提'), nameFault('陈'), nameFault('')]).toEqual([null, null, 'name', 'name'])
  expect([phoneFault('19900000001'), phoneFault('12900000001'), phoneFault('199')]).toEqual([null, 'phone', 'phone'])
})

describe('the screen', () => {
  test('is the step before a ticket and the ticket’s state after', () => {
    expect(screenOf('there', 'needs', null, 'result')).toBe('needs')
    expect(screenOf('there', 'visit', null, 'result')).toBe('asking')
    const screens = { waiting: 'ticket', checked_in: 'ticket', calling: 'called', connected: 'call', parked: 'parked', interrupted: 'interrupted', missed: 'missed', ended: 'rating', rated: 'thanks', booked: 'booked', cancelled: 'over', no_show: 'over' }
    expect(Object.fromEntries(Object.keys(screens).map((state) => [state, screenOf('there', 'visit', state as never, 'rating')]))).toEqual(screens)
  })
  test('is that of the times while a ticket waits and its citizen books another day', () => {
    expect(screenOf('there', 'slot', 'waiting', 'result')).toBe('slot')
  })
  test('is the enrolment for a device without a place', () => {
    expect(screenOf('none', 'visit', 'connected', 'result')).toBe('enrol')
  })
})

describe('silence', () => {
  function stage() {
    const clock = new HandClock()
    const target = new EventTarget()
    const watching = ref(true)
    let gone = 0
    const idle = effectScope().run(() => useIdle({ watching, askS: ref(60), wipeS: ref(30), gone: () => gone++ }, clock, target))!
    return { clock, target, watching, idle, gone: () => gone }
  }
  test('asks after 60 s and wipes 30 s later', () => {
    const { clock, idle, gone } = stage()
    clock.turn(59_000)
    const before = idle.asking.value
    clock.turn(1_000)
    const asked = [idle.asking.value, idle.leftS.value]
    clock.turn(30_000)

    expect([before, asked, gone()]).toEqual([false, [true, 30], 1])
  })
  test('is broken by a touch, but only by the answer once asked', () => {
    const { clock, target, idle, gone } = stage()
    clock.turn(50_000)
    target.dispatchEvent(new Event('pointerdown'))
    clock.turn(59_000)
    expect(idle.asking.value).toBe(false)
    clock.turn(2_000)
    target.dispatchEvent(new Event('pointerdown'))
    expect(idle.asking.value).toBe(true)
    idle.stay()
    clock.turn(31_000)

    expect([idle.asking.value, gone()]).toEqual([false, 0])
  })
  test('never ends a call', () => {
    const { clock, watching, gone } = stage()
    watching.value = false
    clock.turn(3_600_000)

    expect(gone()).toBe(0)
  })
})

describe('papers', () => {
  const row = (materialNo: number, turn: number, state: PaperRow['state']) => ({ id: `${materialNo}-${turn}`, materialNo, turn, state, at: '' }) as PaperRow
  test('the newest one that was not replaced counts', () => {
    expect(newest([row(1, 1, 'returned'), row(1, 2, 'submitted'), row(2, 1, 'accepted')], 1)?.id).toBe('1-2')
    expect(newest([], 1)).toBeNull()
  })
  test('too large or empty ones are not even sent', async () => {
    const papers = effectScope().run(() => usePapers({ api: () => Promise.reject(new Error('sent')) } as never))!
    await papers.send('t', 1, { size: LARGEST_BYTES + 1 } as Blob)
    const large = papers.fault.value
    await papers.send('t', 1, new Blob([]))

    expect([large, papers.fault.value, papers.lost.value]).toEqual(['large', 'empty', false])
  })
  test('a digest that differs is told', async () => {
    const papers = effectScope().run(() => usePapers({ api: async () => ({ id: 'p', sha256: 'other' }) } as never))!
    await papers.send('t', 3, new Blob(['x']))

    expect([papers.fault.value, papers.at.value]).toEqual(['differs', 3])
  })
  test('a better paper takes the place of one that nobody has judged, and of no other', async () => {
    const sha256 = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'
    const asked: string[] = []
    const api = async (route: string) => {
      asked.push(route)
      return { id: 'new', sha256 }
    }
    const papers = effectScope().run(() => usePapers({ api } as never))!
    for (const state of ['submitted', 'returned', 'accepted'] as const) await papers.send('t', 1, new Blob(['x']), { id: 'old', state } as PaperRow)

    const sent = 'POST /api/tickets/{id}/papers'
    expect(asked).toEqual([sent, 'POST /api/papers/{id}/withdraw', sent, sent])
  })
})

describe('a rating', () => {
  test('has no level chosen, and needs a code or words at 1 and 2 only', async () => {
    const rating = effectScope().run(() => useRating({ api: async () => ({ version: '1', levels: [] }) } as never))!
    await settle()
    const states = [[rating.level.value, rating.complete.value]]
    for (const level of [3, 2]) {
      rating.level.value = level
      states.push([level, rating.complete.value])
    }
    rating.words.value = 'slow'

    expect([states, rating.complete.value]).toEqual([[[null, false], [3, true], [2, false]], true])
  })
})
