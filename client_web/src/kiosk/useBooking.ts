/** An appointment: from the guide of a matter, or by somebody who waits already and would rather come another day. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import type { Language, Moment, Slots, VisitSnapshot } from '@/wire/models'
import { useWorld } from '@/wire/world'
import type { Today } from './useDraft'
import { theKiosk } from './useKiosk'

/** These refusals mean that another time must be chosen. */
const TAKEN = new Set(['slot_full', 'slot_not_offered'])

export function useBooking() {
  const { api } = useWorld()
  const { act, adopt, cancel, draft, go, handIn, held, visit } = theKiosk()

  function choose(): void {
    draft.booking.value = true
    go('slot')
  }
  /** Whoever waits keeps his place until the appointment is made, and after it if he wants. */
  async function rebook(): Promise<void> {
    const id = visit.value!.ticket.matterId
    if (await act.run(async () => (draft.matter.value = await api('GET /api/matters/{id}', { path: { id } })))) choose()
  }
  /** Back from the times to where he came from. */
  function leave(): void {
    if (visit.value) draft.forget()
    draft.booking.value = false
    go(visit.value ? 'visit' : 'needs')
  }
  const resume = ({ slip, lastFour }: Today) => api('POST /api/tickets/resume', { body: { slip, lastFour } })
  /** Put the held ticket down while `act` is done; the page looks away, for the house no longer shows it here. */
  async function laidDown(id: string): Promise<void> {
    held.ticketId.value = null
    await api('POST /api/tickets/{id}/release', { path: { id } })
  }
  /** A kiosk holds one ticket: today's is laid down for the appointment, and taken up again if that is refused. */
  async function instead(today: Today, id: string, send: () => Promise<VisitSnapshot>): Promise<VisitSnapshot> {
    await laidDown(id)
    try {
      return await send()
    } catch (why) {
      const back = await resume(today)
      held.ticketId.value = id
      held.watched.take(back)
      throw why
    }
  }
  async function book(language?: Language): Promise<void> {
    const at = draft.at.value!
    const now = visit.value
    const today = now && { number: now.ticket.number, slip: now.slip ?? '', lastFour: now.applicant.idNumber.slice(-4) }
    const booked = await handIn((body) => {
      const send = () => api('POST /api/appointments', { body: { ...body, at } })
      return today ? instead(today, now.ticket.id, send) : send()
    }, language)
    if (booked) draft.today.value = today
    else if (TAKEN.has(act.refused.value?.code ?? '')) chooseAgain()
  }
  /** To the times again, and why stays said. */
  function chooseAgain(): void {
    const why = act.refused.value
    draft.at.value = null
    go('slot')
    act.refused.value = why
  }
  /** The ticket of today again, to wait on with it or to give it up; the appointment stands. */
  async function today(giveUp: boolean): Promise<void> {
    const { value: mine } = draft.today
    const booked = visit.value!.ticket.id
    const back = await act.run(async () => {
      await laidDown(booked)
      adopt(await resume(mine!))
    })
    if (back && giveUp) await cancel()
    if (!back && !held.ticketId.value) sayWhyNot()
  }
  function sayWhyNot(): void {
    const why = act.refused.value
    go('resume')
    act.refused.value = why
  }
  return { choose, rebook, leave, book, today }
}

/** The times of the next working days, as they stand now. */
export function useSlots(matterId: string, at: { value: Moment | null }) {
  const { api } = useWorld()
  const slots = shallowRef<Slots | null>(null)
  const lost = ref(false)
  const day = ref('')
  let gone = false
  onScopeDispose(() => (gone = true))

  const days = computed(() => (slots.value?.days ?? []).filter((one) => one.slots.length))
  const open = computed(() => days.value.find((one) => one.day === day.value)?.slots ?? [])
  const full = computed(() => slots.value !== null && !days.value.some((one) => one.slots.some((slot) => slot.free)))

  function take(told: Slots): void {
    if (gone) return
    slots.value = told
    const mine = days.value.find((one) => one.slots.some((slot) => slot.at === at.value))
    day.value = (mine ?? days.value.find((one) => one.slots.some((slot) => slot.free)) ?? days.value[0])?.day ?? ''
  }
  async function load(): Promise<void> {
    lost.value = false
    await api('GET /api/matters/{id}/slots', { path: { id: matterId } }).then(take, () => (lost.value = true))
  }
  void load()
  return { slots, days, day, open, full, lost, load }
}
