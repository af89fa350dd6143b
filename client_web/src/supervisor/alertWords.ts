/** An alert in the words of the page. */
import type { Words } from '@/words'
import type { Alert } from './alerts'

type Say = Words['t']

function named({ what, n, who, language }: Alert, t: Say) {
  return { what: language ? t('supervisor.alert.inLanguage', { what, language: t(`supervisor.language.${language}`) }) : what, n: n ?? 0, who: who ?? '' }
}
/** What it is. */
export function headline(alert: Alert, t: Say): string {
  const kind = alert.kind === 'long_wait' && (alert.n ?? 0) > 1 ? 'long_waits' : alert.kind
  return t(`supervisor.alert.${kind}`, named(alert, t))
}
/** What can be done about it. */
export const advice = (alert: Alert, t: Say) => t(`supervisor.alert.do.${alert.kind}`, named(alert, t))
/** As it is read out: what, where, and what can be done. */
export const inFull = (alert: Alert, t: Say) => [headline(alert, t), alert.point, alert.office, advice(alert, t)].filter(Boolean).join(' · ')
