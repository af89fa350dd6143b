/** The place and the wait as an assistant says them (domain §2.11). */
import type { Wait } from '@/wire/models'
import type { Words } from '@/words'

export function placeInWords({ ahead, fewerThan }: Pick<Wait, 'ahead' | 'fewerThan'>, { t }: Pick<Words, 't'>): string {
  if (ahead === null) return fewerThan === null ? '' : t('assistant.visit.fewerThan', { n: fewerThan })
  return ahead ? t('assistant.visit.ahead', { n: ahead }) : t('assistant.visit.nextUp')
}
/** "12–20 minutes", "at least 12 minutes", or that it may not be today. */
export function waitInWords({ outlook, lowMin, highMin, atLeast }: Wait, { t }: Pick<Words, 't'>): string {
  if (outlook !== 'today') return t(`assistant.wait.${outlook}`)
  if (lowMin === null) return ''
  if (atLeast || highMin === null) return t('assistant.wait.atLeast', { n: lowMin })
  return t('assistant.wait.range', { n: lowMin === highMin ? lowMin : `${lowMin}–${highMin}` })
}
