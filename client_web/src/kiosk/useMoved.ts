/** Notices that a waiting or served ticket was passed on to another window, line or matter (domain §2.14). */
import { ref, watch, type Ref } from 'vue'
import type { TicketRow, VisitSnapshot } from '@/wire/models'

export type Moved = 'number' | 'window'

/** How it was moved between two moments of its row: under a new number, to another window under the old one, or not. */
export function movedBetween(before: TicketRow, now: TicketRow): Moved | null {
  if (before.id !== now.id || now.state !== 'waiting') return null
  if (before.number !== now.number) return 'number'
  // From its call a ticket comes back into the line in no other way.
  return before.state === 'connected' ? 'window' : null
}

/** The last move of this visit, until it is called again; `refresh` fetches what a new matter asks for. */
export function useMoved(visit: Ref<VisitSnapshot | null>, refresh: () => void) {
  const moved = ref<Moved | null>(null)
  watch(visit, (now, before) => {
    if (!now || before?.ticket.id !== now.ticket.id || now.ticket.state === 'calling') moved.value = null
    if (!now || !before) return
    moved.value = movedBetween(before.ticket, now.ticket) ?? moved.value
    if (now.ticket.matterId !== before.ticket.matterId && now.matter.id !== now.ticket.matterId) refresh()
  })
  return moved
}
