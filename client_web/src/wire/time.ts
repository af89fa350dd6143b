/** Moments for people: always the hall's own time zone, whatever the machine believes. */
import type { Language, Moment } from './models'

const ZONE = 'Asia/Shanghai'
const formats = new Map<string, Intl.DateTimeFormat>()

function format(language: Language, kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${language} ${kind}`
  const known = formats.get(name) ?? new Intl.DateTimeFormat(language, { timeZone: ZONE, hourCycle: 'h23', ...options })
  formats.set(name, known)
  return known
}

/** 14:05 */
export function hourMinute(moment: Moment | number, language: Language = 'zh-CN'): string {
  return format(language, 'hm', { hour: '2-digit', minute: '2-digit' }).format(new Date(moment))
}

/** 14:05:09 */
export function hourMinuteSecond(moment: Moment | number, language: Language = 'zh-CN'): string {
  return format(language, 'hms', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(moment))
}

/** 2026年11月22日 / 22 November 2026 */
export function day(moment: Moment | number, language: Language = 'zh-CN'): string {
  return format(language, 'day', { dateStyle: 'long' }).format(new Date(moment))
}

/** 11月22日星期日 14:05 / Sunday, November 22 14:05 */
export function weekdayAndTime(moment: Moment | number, language: Language = 'zh-CN'): string {
  const options = { month: 'long', day: 'numeric', weekday: 'long' } as const
  return `${format(language, 'weekday', options).format(new Date(moment))} ${hourMinute(moment, language)}`
}

/** 11月22日 / November 22 */
export function dayOfMonth(moment: Moment | number, language: Language = 'zh-CN'): string {
  return format(language, 'dayOfMonth', { month: 'long', day: 'numeric' }).format(new Date(moment))
}

/** 星期日 / Sunday */
export function weekday(moment: Moment | number, language: Language = 'zh-CN'): string {
  return format(language, 'onlyWeekday', { weekday: 'long' }).format(new Date(moment))
}

/** 2026年11月22日 14:05 */
export function dayAndTime(moment: Moment | number, language: Language = 'zh-CN'): string {
  return `${day(moment, language)} ${hourMinute(moment, language)}`
}

/** How long from one moment to another: 0:07, 12:05, 1:02:33. Never below zero. */
export function elapsed(from: Moment | number, to: Moment | number): string {
  const seconds = Math.max(0, Math.floor((new Date(to).getTime() - new Date(from).getTime()) / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const tail = `${String(m).padStart(h ? 2 : 1, '0')}:${String(s).padStart(2, '0')}`
  return h ? `${h}:${tail}` : tail
}
