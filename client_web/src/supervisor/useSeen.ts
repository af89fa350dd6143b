/** What goes by in facts and is in no snapshot: a ticket just missed, the moment at which help was asked. */
import { onScopeDispose, shallowRef } from 'vue'
import type { Fact, TicketRow } from '@/wire/models'
import type { Line } from '@/wire/socket'
import { MISSED_MS, type Seen } from './alerts'

export function useSeen(line: Pick<Line, 'on' | 'off'>) {
  const seen = shallowRef<Seen>({ missed: [], helpAt: new Map() })

  function heard(fact: Fact): void {
    if (!fact.subject.startsWith('board:')) return
    const at = Date.parse(fact.at)
    for (const ticket of (fact.shows.tickets ?? []) as TicketRow[]) note(ticket, at)
  }
  function note(ticket: TicketRow, at: number): void {
    const { missed, helpAt } = seen.value
    const asked = ticket.help && !ticket.gone
    const known = missed.some((one) => one.ticket.id === ticket.id)
    if (ticket.state !== 'missed' && !known && asked === helpAt.has(ticket.id)) return
    const others = missed.filter((one) => one.ticket.id !== ticket.id && at - one.at < MISSED_MS)
    const when = new Map(helpAt)
    if (asked) when.set(ticket.id, when.get(ticket.id) ?? at)
    else when.delete(ticket.id)
    seen.value = { missed: ticket.state === 'missed' ? [...others, { ticket, at }] : others, helpAt: when }
  }
  line.on('fact', heard)
  onScopeDispose(() => line.off('fact', heard))
  return seen
}
