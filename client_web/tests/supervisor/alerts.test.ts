import { effectScope, nextTick, ref } from 'vue'
import { describe, expect, test } from 'vitest'
import { MISSED_MS, alertsOf, fresh, type Alert, type Seen } from '@/supervisor/alerts'
import { useAlarm } from '@/supervisor/useAlarm'
import { gathering } from '@/supervisor/useBoards'
import { useSeen } from '@/supervisor/useSeen'
import { skewOf } from '@/wire/houseClock'
import { HandClock, HandLine, settle } from '../world'
import { NOW, ago, board, ticket, window } from './rows'

const NOTHING: Seen = { missed: [], helpAt: new Map() }
const kinds = (alerts: Alert[]) => alerts.map((alert) => alert.kind)

describe('the rules', () => {
  test('a wait is too long after ten minutes, not at ten', () => {
    const of = (seconds: number) => alertsOf([board('a', { tickets: [ticket('1', { since: ago(seconds) })], windows: [window('w')] })], NOTHING, NOW)

    expect(kinds(of(600))).toEqual([])
    expect(kinds(of(601))).toEqual(['long_wait'])
  })
  test('who is being served has waited enough', () => {
    expect(alertsOf([board('a', { tickets: [ticket('1', { state: 'connected', since: ago(5000) })], windows: [window('w')] })], NOTHING, NOW)).toEqual([])
  })
  test('people wait and no window is open: worse than anything else, and its waits are not told one by one', () => {
    const alerts = alertsOf([board('a', { tickets: [ticket('1', { officeId: 'a', since: ago(700), help: true }), ticket('2')], windows: [window('w', 'offline')] })], NOTHING, NOW)

    expect(kinds(alerts)).toEqual(['unserved', 'help'])
    expect(alerts[0]).toMatchObject({ what: '2', since: NOW - 700_000 })
  })
  test('a pause is told when it lasts, an idle window never', () => {
    const windows = [window('w', 'paused', 601), window('v', 'paused', 599), window('u', 'idle', 9000)]

    expect(alertsOf([board('a', { windows })], NOTHING, NOW).map((alert) => alert.what)).toEqual(['w'])
  })
  test('a missed ticket stays on the list for a while', () => {
    const seen = { ...NOTHING, missed: [{ ticket: ticket('1'), at: NOW - MISSED_MS + 1 }, { ticket: ticket('2'), at: NOW - MISSED_MS }] }

    expect(alertsOf([], seen, NOW).map((alert) => alert.id)).toEqual(['missed 1'])
  })
  test('what was there before is not fresh', () => {
    const alerts = alertsOf([board('a', { tickets: [ticket('1', { help: true }), ticket('2', { help: true })], windows: [window('w')] })], NOTHING, NOW)

    expect(fresh(alerts, new Set(['help 1'])).map((alert) => alert.id)).toEqual(['help 2'])
  })
})

describe('what facts say', () => {
  test('a missed ticket and the moment of a call for help are kept from passing facts', () => {
    const line = new HandLine()
    const scope = effectScope()
    const seen = scope.run(() => useSeen(line as never))!
    const say = (...tickets: object[]) => line.say('fact', { subject: 'board:o', version: 2, at: ago(0), kind: 'x', shows: { tickets } })

    say(ticket('1', { help: true }))
    say(ticket('2', { state: 'missed', gone: true }))

    expect(seen.value.helpAt.get('1')).toBe(NOW)
    expect(seen.value.missed.map((one) => one.ticket.id)).toEqual(['2'])

    say(ticket('1', { help: false }))

    expect(seen.value.helpAt.size).toBe(0)
    scope.stop()
  })
})

describe('the alarm', () => {
  function alarm() {
    const alerts = ref<Alert[]>([])
    const ready = ref(false)
    const rung: string[] = []
    const kept = { value: '', getItem: () => kept.value, setItem: (_: string, value: string) => void (kept.value = value) }
    const chimes = { play: (chime: string) => void rung.push(chime), wake: async () => {}, awake: () => true }
    const scope = effectScope()
    const made = scope.run(() => useAlarm(alerts, ready, (alert) => alert.id, { chimes, kept }))!
    const show = async (...ids: string[]) => {
      alerts.value = ids.map((id) => ({ id, kind: 'help', officeId: 'o', place: '', what: '', since: 0 }))
      await nextTick()
    }
    return { ...made, show, ready, rung, stop: () => scope.stop() }
  }

  test('rings once for every new alert, not for the first look, and again for one that comes back', async () => {
    const { show, ready, rung, last, stop } = alarm()
    await show('a')
    ready.value = true
    await nextTick()
    expect(rung).toHaveLength(0)

    await show('a', 'b', 'c')
    expect(rung).toHaveLength(2)
    await show('c', 'b', 'a')
    expect(rung).toHaveLength(2)
    await show('b')
    await show('b', 'a')
    expect(rung).toHaveLength(3)
    expect(last.value).toBe('a')
    stop()
  })
  test('muted it is silent and still says', async () => {
    const { show, ready, rung, last, mute, stop } = alarm()
    ready.value = true
    await show()
    mute()
    await show('a')

    expect(rung).toEqual([])
    expect(last.value).toBe('a')
    stop()
  })
})

test('boards asked for together come in one answer, one alone by itself', async () => {
  const asked: string[] = []
  const clock = new HandClock()
  const api = async (route: string, call?: { path: { office: string } }) => {
    asked.push(call ? `${route} ${call.path.office}` : route)
    return call ? board(call.path.office) : [board('a'), board('b')]
  }
  const fetch = gathering(api as never, clock)

  const both = Promise.all([fetch('board:a'), fetch('board:b')])
  clock.turn(30)
  expect((await both).map((one) => one.office.id)).toEqual(['a', 'b'])
  const alone = fetch('board:c')
  clock.turn(30)
  await settle()

  expect((await alone).office.id).toBe('c')
  expect(asked).toEqual(['GET /api/boards', 'GET /api/boards/{office} c'])
})
test('a clock minutes off is set right, the way through the net is not', () => {
  expect(skewOf(ago(0), NOW - 120_000)).toBe(120_000)
  expect(skewOf(ago(0), NOW - 900)).toBe(0)
})
