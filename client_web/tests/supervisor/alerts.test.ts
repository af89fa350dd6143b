import { effectScope } from 'vue'
import { describe, expect, test } from 'vitest'
import { MISSED_MS, alertsOf, type Alert, type Seen } from '@/supervisor/alerts'
import { gathering } from '@/supervisor/useBoards'
import { useSeen } from '@/supervisor/useSeen'
import { skewOf } from '@/wire/houseClock'
import type { BoardSnapshot } from '@/wire/models'
import { HandClock, HandLine, settle } from '../world'
import { NOW, ago, board, ticket, unanswering, window } from './rows'

const NOTHING: Seen = { missed: [], helpAt: new Map() }
const of = (over: Partial<BoardSnapshot>, seen = NOTHING) => alertsOf([board('a', over)], seen, NOW)
const kinds = (alerts: Alert[]) => alerts.map((alert) => alert.kind)
const many = (n: number, seconds = 30) => Array.from({ length: n }, (_, i) => ticket(`t${i}`, { since: ago(seconds + n - i) }))

describe('waits', () => {
  test('a wait is too long after twenty minutes, not at twenty; one alert says how many', () => {
    const after = (...seconds: number[]) => of({ tickets: seconds.map((s, i) => ticket(`${i}`, { since: ago(s) })), windows: [window('w')] })

    expect(kinds(after(1200))).toEqual([])
    expect(after(1201, 60)).toMatchObject([{ kind: 'long_wait', what: '0', n: 1, since: NOW - 1_201_000 }])
    expect(after(1300, 1400)).toMatchObject([{ what: '1', n: 2 }])
  })
  test('who is being served has waited enough', () => {
    expect(of({ tickets: [ticket('1', { state: 'connected', since: ago(5000) })], windows: [window('w')] })).toEqual([])
  })
  test('a queue is long past ten, and in a large office past three for each window on duty', () => {
    const windows = (n: number) => Array.from({ length: n }, (_, i) => window(`w${i}`))

    expect(kinds(of({ tickets: many(10), windows: windows(1) }))).toEqual([])
    expect(of({ tickets: many(11), windows: windows(3) })).toMatchObject([{ kind: 'long_queue', n: 11 }])
    expect(kinds(of({ tickets: many(12), windows: windows(4) }))).toEqual([])
    expect(kinds(of({ tickets: many(13), windows: windows(4) }))).toEqual(['long_queue'])
  })
  test('a long queue lasts since the one too many came', () => {
    expect(of({ tickets: many(12, 30), windows: [window('w')] })[0]!.since).toBe(Date.parse(ago(32)))
  })
})

describe('nobody on duty', () => {
  test('is worse than anything else, and its waits are not told one by one', () => {
    const alerts = of({ tickets: [ticket('1', { since: ago(1700), help: true }), ticket('2')], windows: [window('w', 'offline')] })

    expect(kinds(alerts)).toEqual(['unserved', 'help'])
    expect(alerts[0]).toMatchObject({ n: 2, since: NOW - 1_700_000 })
  })
  test('a clerk on a break is on duty, one who does not answer or stays away is not', () => {
    const tickets = [ticket('1', { since: ago(61) })]

    expect(kinds(of({ tickets, windows: [window('w', 'paused', 899)] }))).toEqual([])
    expect(kinds(of({ tickets, windows: [window('w', 'paused', 900)] }))).toEqual(['unserved', 'pause_overdue'])
    expect(kinds(of({ tickets, windows: [unanswering('w')] }))).toEqual(['unserved', 'no_answer'])
  })
  test('windows open a moment late in the morning: not told within a minute', () => {
    expect(of({ tickets: [ticket('1', { since: ago(60) })], windows: [] })).toEqual([])
  })
  test('a line or a language that no window on duty serves is told by its name', () => {
    const tickets = [ticket('1', { since: ago(70), lineId: 'm', lineTitle: 'Births' }), ticket('2', { since: ago(90), lineTitle: 'Land', language: 'en' })]

    expect(of({ tickets, windows: [window('w')] })).toMatchObject([
      { kind: 'uncovered', what: 'Land', n: 1, language: 'en' },
      { kind: 'uncovered', what: 'Births', n: 1 },
    ])
  })
})

describe('windows and people', () => {
  test('a pause is told once it is over its fifteen minutes', () => {
    const windows = [window('w', 'paused', 900), window('v', 'paused', 899), window('u', 'idle', 9000)]

    expect(of({ windows }).map((alert) => alert.what)).toEqual(['w'])
  })
  test('a window paused because its clerk did not answer names the clerk, and is not told a second time as overdue', () => {
    expect(of({ windows: [unanswering('w', 5000)] })).toMatchObject([{ kind: 'no_answer', what: 'w', who: 'Staff w', since: NOW - 5_000_000 }])
  })
  test('a missed ticket stays on the list for a while', () => {
    const missed = (id: string, ms: number) => ({ ticket: ticket(id, { officeId: 'a' }), at: NOW - ms })

    expect(of({}, { ...NOTHING, missed: [missed('1', MISSED_MS - 1), missed('2', MISSED_MS)] }).map((alert) => alert.id)).toEqual(['missed 1'])
  })
})

describe('what facts say', () => {
  test('a missed ticket, until it is revived, and the moment of a call for help are kept from passing facts', () => {
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

    say(ticket('2', { state: 'waiting', revived: true }))

    expect(seen.value.missed).toEqual([])
    scope.stop()
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
