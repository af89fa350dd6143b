/** Whether a door is open, and its hours, as words for people. */
import type { Hours, Opening } from '@/wire/models'
import { hourMinute, weekdayAndTime } from '@/wire/time'
import type { Words } from '@/words'

type Speech = Pick<Words, 't'> & { language: { readonly value: 'zh-CN' | 'en' } }

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'holiday'] as const
const ALL_DAY = '00:00-24:00'
/** Closed, but open again on the same day. */
const LATER_TODAY: ReadonlySet<Opening['why']> = new Set<Opening['why']>(['before', 'lunch'])

/** Monday to Friday 09:00–12:00, 13:30–17:00; Saturday 09:00–11:30 */
export function hoursInWords(hours: readonly Hours[], { t }: Pick<Words, 't'>): string {
  if (isAlways(hours)) return t('kiosk.opening.always')
  return hours.map(({ days, spans }) => `${daysInWords(days, t)} ${spans.map(dashed).join(t('kiosk.opening.and'))}`).join(t('kiosk.opening.then'))
}

export function isAlways(hours: readonly Hours[]): boolean {
  return hours.length === 1 && hours[0]!.days.length === WEEK.length && hours[0]!.spans.join() === ALL_DAY
}

/** Runs of at least three days of the week as from–to, all others by name. */
function daysInWords(days: Hours['days'], t: Words['t']): string {
  const runs: Hours['days'][] = []
  for (const day of days) {
    const last = runs.at(-1)
    if (last && day !== 'holiday' && WEEK.indexOf(day) === WEEK.indexOf(last.at(-1)!) + 1) last.push(day)
    else runs.push([day])
  }
  const name = (day: string) => t(`kiosk.opening.day.${day}`)
  const words = runs.flatMap((run) => (run.length < 3 ? run.map(name) : [t('kiosk.opening.run', { first: name(run[0]!), last: name(run.at(-1)!) })]))
  return words.join(t('kiosk.opening.and'))
}

function dashed(span: string): string {
  return span.replace('-', '–')
}

/** What stands beside "open" or "closed": until when, or why and when it opens, and what that rests on. */
export function openingInWords(opening: Opening, { t, language }: Speech): string {
  const closed = () => [t(`kiosk.opening.why.${opening.why}`), opensInWords(opening, t, language.value)].join(t('kiosk.opening.comma'))
  const words = opening.open ? untilInWords(opening, t, language.value) : closed()
  return opening.calendarMissing ? t('kiosk.opening.missing', { words }) : words
}

function untilInWords({ until }: Opening, t: Words['t'], language: 'zh-CN' | 'en'): string {
  return until ? t('kiosk.opening.until', { time: hourMinute(until, language) }) : ''
}

function opensInWords({ opens, why }: Opening, t: Words['t'], language: 'zh-CN' | 'en'): string {
  if (!opens) return t('kiosk.opening.never')
  const time = hourMinute(opens, language)
  return t('kiosk.opening.opens', { when: LATER_TODAY.has(why) ? t('kiosk.opening.today', { time }) : weekdayAndTime(opens, language) })
}

/** Of several offices the one that stands for all: an open one if there is one, else the one that opens first. */
export function foremost(offices: readonly Opening[]): Opening | null {
  const rank = (office: Opening) => (office.open ? '' : (office.opens ?? '9999'))
  return [...offices].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))[0] ?? null
}
