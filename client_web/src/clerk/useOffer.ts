/** The ticket that rings at this window: which one, how long it may be answered, and the bell for as long as it rings. */
import { computed, watch, type Ref } from 'vue'
import type { Clock } from '@/wire/clock'
import type { BoardSnapshot, TicketRow, WindowRow } from '@/wire/models'

/** The house gives a clerk so long to answer (domain §2.11). */
export const ANSWER_WITHIN_S = 15
const RING_AGAIN_MS = 4000

/** Seconds until a moment, counted as people count down; never below zero. */
export function secondsUntil(moment: string | null | undefined, now: number): number {
  return moment ? Math.max(0, Math.ceil((Date.parse(moment) - now) / 1000)) : 0
}

export function useOffer(row: Ref<WindowRow | null>, board: Ref<BoardSnapshot | null>, now: Ref<number>) {
  const offered = computed(() => (row.value?.state === 'offered' ? row.value : null))
  return {
    /** the window while it rings, else null */
    offered,
    /** the ticket as the office's board shows it; null while the board is still on its way */
    ticket: computed(() => board.value?.tickets.find((one) => one.id === offered.value?.ticketId) ?? null),
    secondsLeft: computed(() => Math.min(ANSWER_WITHIN_S, secondsUntil(offered.value?.dueAt, now.value))),
  }
}
export type Offer = ReturnType<typeof useOffer>

export interface OfferBell {
  /** tells of the offer; answers how to take the notice away again */
  begin(number: string, ticket: TicketRow | null): () => void
  again(): void
}

/** Rings when an offer comes and every four seconds until it is answered or gone. */
export function useOfferBell({ offered, ticket }: Offer, clock: Clock, bell: OfferBell): void {
  watch(() => offered.value && `${offered.value.ticketId} ${offered.value.since}`, (ringing, _, onCleanup) => {
    if (!ringing) return
    const takeAway = bell.begin(offered.value?.ticketNumber ?? '', ticket.value)
    const stop = clock.every(RING_AGAIN_MS, bell.again)
    onCleanup(() => {
      stop()
      takeAway()
    })
  }, { immediate: true })
}
