/** What is to be said of a ticket on the clerk's list, each as a key of `clerk.flag.*` with its tone. Pure. */
import type { Language, TicketRow } from '@/wire/models'

export interface Flag {
  key: string
  tone: 'quiet' | 'note' | 'warn' | 'bad'
  /** a moment to be shown as `{time}` */
  time?: string
  /** a window's name, shown as `{window}` */
  window?: string
  /** a language, named in words as `{language}` */
  language?: Language
}

/** In the order of weight: where it stands, who must be told, how to speak. `languages`: those of the window. */
export function flagsOf(row: TicketRow, languages: readonly string[]): Flag[] {
  return [standing(row), lane(row), revived(row), help(row), elder(row), spoken(row, languages), offeredTo(row)].filter((flag) => flag !== null)
}

function standing({ state, appointedAt }: TicketRow): Flag | null {
  if (state === 'parked') return { key: 'parked', tone: 'quiet' }
  if (state === 'interrupted') return { key: 'interrupted', tone: 'warn' }
  return state === 'checked_in' && appointedAt ? { key: 'checkedIn', tone: 'quiet', time: appointedAt } : null
}
function lane({ state, lane, appointedAt }: TicketRow): Flag | null {
  if (state === 'interrupted' || state === 'checked_in') return null
  if (lane === 'resuming') return { key: 'resuming', tone: 'note' }
  if (lane === 'due' && appointedAt) return { key: 'due', tone: 'note', time: appointedAt }
  if (lane === 'priority') return { key: 'priority', tone: 'warn' }
  return appointedAt ? { key: 'late', tone: 'quiet', time: appointedAt } : null
}
const revived = (row: TicketRow): Flag | null => (row.revived ? { key: 'revived', tone: 'quiet' } : null)
const help = (row: TicketRow): Flag | null => (row.help ? { key: 'help', tone: 'bad' } : null)
const elder = (row: TicketRow): Flag | null => (row.elder ? { key: 'elder', tone: 'note' } : null)
function spoken({ language }: TicketRow, languages: readonly string[]): Flag | null {
  if (!languages.includes(language)) return { key: 'otherLanguage', tone: 'warn', language }
  return language === 'zh-CN' ? null : { key: 'language', tone: 'note', language }
}
/** It rings at a window at this moment. */
function offeredTo({ state, windowId, windowName }: TicketRow): Flag | null {
  return state === 'waiting' && windowId && windowName ? { key: 'offered', tone: 'note', window: windowName } : null
}
