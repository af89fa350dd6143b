/** A call of this window that broke off: the window was freed by the house, and the clerk is told why. */
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { BoardSnapshot, TicketRow, WindowRow } from '@/wire/models'

/** The ticket whose call broke off here, until its citizen is back or the window calls somebody else. */
export function useBroken(row: Ref<WindowRow | null>, board: Ref<BoardSnapshot | null>, tell: (row: TicketRow) => void): ComputedRef<TicketRow | null> {
  const brokenId = ref<string | null>(null)
  const broken = computed(() => board.value?.tickets.find((one) => one.id === brokenId.value && one.state === 'interrupted') ?? null)

  watch(row, (now, before) => {
    if (before?.state === 'busy' && now?.state === 'idle') brokenId.value = before.ticketId
    if (now?.state === 'ringing' || now?.state === 'busy') brokenId.value = null
  }, { flush: 'sync' })
  watch(broken, (now, before) => now && now.id !== before?.id && tell(now))
  return broken
}
