/** The wait and the place as words for people (domain §2.11): a range, "at least", or that it may not be today. */
import type { Wait } from '@/wire/models'
import type { Words } from '@/words'

/** From here on minutes are no longer counted in one's head. */
const HOURS_FROM_MIN = 100

/** A number and its unit stand on one line. */
const whole = (words: string) => words.replaceAll(' ', '\u00a0')

function duration(min: number, t: Words['t']): string {
  if (min < HOURS_FROM_MIN) return whole(t('kiosk.wait.minutes', { n: min }))
  const [h, m] = [Math.floor(min / 60), min % 60]
  return whole(m ? t('kiosk.wait.hoursMinutes', { h, m }) : t('kiosk.wait.hours', { h }))
}

function span(low: number, high: number, t: Words['t']): string {
  if (low >= high) return duration(low, t)
  if (high < HOURS_FROM_MIN) return whole(t('kiosk.wait.minutes', { n: `${low}–${high}` }))
  return t('kiosk.wait.fromTo', { low: duration(low, t), high: duration(high, t) })
}

/** "About 12–20 minutes more", "at least 12 minutes", "not today". */
export function waitInWords(wait: Wait, { t }: Pick<Words, 't'>): string {
  if (wait.outlook !== 'today') return t(`kiosk.wait.outlook.${wait.outlook}.title`)
  if (wait.lowMin === null) return ''
  if (wait.atLeast) return t('kiosk.wait.atLeast', { low: duration(wait.lowMin, t) })
  return t('kiosk.wait.about', { range: span(wait.lowMin, wait.highMin ?? wait.lowMin, t) })
}

/** What an unlucky outlook means; nothing for a lucky one. */
export function outlookInWords(wait: Wait, { t }: Pick<Words, 't'>): string {
  if (wait.outlook === 'today') return ''
  const words = t(`kiosk.wait.outlook.${wait.outlook}.words`)
  if (wait.outlook !== 'perhaps_not_today' || wait.lowMin === null) return words
  return [t('kiosk.wait.atLeast', { low: duration(wait.lowMin, t) }), words].join(t('kiosk.wait.stop'))
}

/** "3 before you", "fewer than 5 before you" where the exact place is nobody's business, "you are next". */
export function placeInWords({ ahead, fewerThan }: Pick<Wait, 'ahead' | 'fewerThan'>, { t }: Pick<Words, 't'>): string {
  if (ahead === null) return fewerThan === null ? '' : t('kiosk.wait.fewerThan', { n: fewerThan })
  return ahead === 0 ? t('kiosk.ticket.nextUp') : t('kiosk.ticket.ahead', { n: ahead })
}
