/** What the card "now" says, by the state of the window: first the state, then what follows from it. */
import { computed } from 'vue'
import { elapsed, hourMinute } from '@/wire/time'
import { useWords } from '@/words'
import type { Desk } from './useDesk'
import { secondsUntil } from './useOffer'
import { WRAP_UP_S } from './useWindow'

/** Whole minutes by which a moment has passed; 0 before it and in the first minute after. */
export function minutesPast(moment: string | null | undefined, now: number): number {
  return moment ? Math.max(0, Math.floor((now - Date.parse(moment)) / 60_000)) : 0
}

export function useNowWords({ window, visit, line, offer, now }: Pick<Desk, 'window' | 'visit' | 'line' | 'offer' | 'now'>) {
  const { t, language } = useWords()
  const { row, state, loaded } = window
  const clock = (moment: string) => hourMinute(moment, language.value)
  const since = computed(() => row.value?.since ?? '')
  const wrapLeft = computed(() => Math.min(WRAP_UP_S, secondsUntil(since.value && new Date(Date.parse(since.value) + WRAP_UP_S * 1000).toISOString(), now.value)))

  const SAYS: Record<typeof state.value, () => string> = {
    offline: () => t('clerk.now.offline'),
    idle: () => (line.rings.value ? t('clerk.now.rings') : idle()),
    offered: () => t('clerk.now.offered', { s: offer.secondsLeft.value }),
    ringing: () => {
      const ticket = visit.value?.ticket
      return ticket ? t('clerk.now.ringing', { n: ticket.calls, time: elapsed(ticket.calledAt ?? since.value, now.value) }) : ''
    },
    busy: () => (visit.value ? t('clerk.now.busy', { time: elapsed(visit.value.ticket.connectedAt ?? since.value, now.value) }) : ''),
    wrap_up: () => t('clerk.now.wrapUp', { s: wrapLeft.value }),
    paused: () => t(`clerk.now.${row.value?.pauseReason === 'no_answer' ? 'noAnswer' : 'paused'}`, { reason: t(`clerk.pause.${row.value?.pauseReason ?? 'other'}`) }),
  }
  const idle = () => (line.callable.value.length ? t('clerk.now.idle', { n: line.callable.value.length }) : t('clerk.now.nobody'))

  const waits = () => t('clerk.now.waits', { n: line.callable.value.length })
  const pause = () => {
    const until = row.value?.dueAt
    const over = minutesPast(until, now.value)
    return [
      until ? t('clerk.now.pauseUntil', { since: clock(since.value), until: clock(until) }) : t('clerk.now.pauseSince', { since: clock(since.value) }),
      over > 0 && t('clerk.now.pauseOver', { n: over }),
    ].filter((one) => one !== false)
  }
  return {
    say: computed(() => (loaded.value ? SAYS[state.value]() : t('common.loading'))),
    /** quieter lines under it */
    more: computed(() => {
      if (state.value === 'paused') return pause()
      if (state.value !== 'idle' || !line.rings.value) return []
      const missed = row.value?.unanswered ?? 0
      return missed > 0 ? [waits(), t('clerk.now.unanswered', { n: missed })] : [waits()]
    }),
  }
}
