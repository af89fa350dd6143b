/** Hours and open doors in the words of the real catalogues. */
import { describe, expect, test } from 'vitest'
import en from '@/words/en/kiosk.json'
import zh from '@/words/zh-CN/kiosk.json'
import { foremost, hoursInWords, openingInWords } from '@/kiosk/opening'
import type { Hours, Opening } from '@/wire/models'
import { weekdayAndTime } from '@/wire/time'

function speech(language: 'zh-CN' | 'en') {
  const catalogue = { kiosk: language === 'en' ? en : zh }
  const t = (key: string, named: Record<string, unknown> = {}): string => {
    const found = key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], catalogue)
    return String(found).replace(/\{(\w+)\}/g, (_, name: string) => String(named[name]))
  }
  return { t, language: { value: language } }
}
const [inChinese, inEnglish] = [speech('zh-CN'), speech('en')]
const WORKDAYS: Hours['days'] = ['mon', 'tue', 'wed', 'thu', 'fri']
const counter: Hours[] = [{ days: WORKDAYS, spans: ['09:00-12:00', '13:30-17:00'] }, { days: ['sat'], spans: ['09:00-11:30'] }]
const always: Hours[] = [{ days: [...WORKDAYS, 'sat', 'sun', 'holiday'], spans: ['00:00-24:00'] }]

function opening(told: Partial<Opening>): Opening {
  return { name: 'n', phone: '1', hours: counter, open: false, why: null, until: null, opens: null, calendarMissing: false, ...told }
}

describe('hours', () => {
  test('name days that follow each other from the first to the last, with the lunch break between the spans', () => {
    expect(hoursInWords(counter, inChinese)).toBe('周一至周五 09:00–12:00、13:30–17:00；周六 09:00–11:30')
    expect(hoursInWords(counter, inEnglish)).toBe('Mon to Fri 09:00–12:00, 13:30–17:00; Sat 09:00–11:30')
  })
  test('name single days, pairs and holidays one by one', () => {
    const hours: Hours[] = [{ days: ['mon', 'tue', 'thu', 'fri', 'sat', 'sun', 'holiday'], spans: ['08:00-24:00'] }]
    expect(hoursInWords(hours, inChinese)).toBe('周一、周二、周四至周日、节假日 08:00–24:00')
  })
  test('round the clock are said so, but not when holidays are left out', () => {
    expect(hoursInWords(always, inChinese)).toBe('每天 24 小时，节假日也开放')
    expect(hoursInWords([{ days: [...WORKDAYS, 'sat', 'sun'], spans: ['00:00-24:00'] }], inChinese)).toBe('周一至周日 00:00–24:00')
  })
})

describe('a door', () => {
  test('that is open says until when, if it closes', () => {
    expect(openingInWords(opening({ open: true, until: '2026-11-23T04:00:00Z' }), inChinese)).toBe('至 12:00')
    expect(openingInWords(opening({ open: true }), inChinese)).toBe('')
  })
  test('that opens again on the same day says so', () => {
    expect(openingInWords(opening({ why: 'lunch', opens: '2026-11-23T05:30:00Z' }), inChinese)).toBe('午间休息，今天 13:30 开放')
    expect(openingInWords(opening({ why: 'before', opens: '2026-11-23T01:00:00Z' }), inEnglish)).toBe('not open yet today, opens today at 09:00')
  })
  test('that opens another day names the day in Shanghai, and says when the calendar is missing', () => {
    expect(openingInWords(opening({ why: 'weekend', opens: '2026-11-23T01:00:00Z' }), inChinese)).toBe('周末休息，11月23日星期一 09:00 开放')
    expect(openingInWords(opening({ why: 'after', opens: '2027-01-01T01:00:00Z', calendarMissing: true }), inChinese)).toBe(
      '今天已经关门，1月1日星期五 09:00 开放（日历缺失，按周一至周五计）',
    )
    expect(weekdayAndTime('2026-11-22T16:30:00Z', 'en')).toBe('Monday, November 23 00:30')
  })
  test('that no year opens says that, too', () => {
    expect(openingInWords(opening({ why: 'day_off' }), inEnglish)).toBe('no service on this day of the week, no opening is planned within a year')
  })
})

test('an open office stands for its region, else the one that opens first', () => {
  const [late, soon, open] = [opening({ opens: '2026-11-24T01:00:00Z' }), opening({ opens: '2026-11-23T01:00:00Z' }), opening({ open: true })]
  const never = opening({})

  expect([foremost([late, soon, open]), foremost([never, late, soon]), foremost([never]), foremost([])]).toEqual([open, soon, never, null])
})
