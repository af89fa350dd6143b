/** What a citizen has chosen and written before there is a ticket. Lives in this page's memory only. */
import { computed, reactive, ref, shallowRef } from 'vue'
import type { MatterChoice, MatterGuide, Moment, Opening, Region, TakeTicket } from '@/wire/models'
import { idFault, nameFault, phoneFault, tidyId } from './identity'
import { BOOKING_STEPS, STEPS } from './journey'

const BLANK = { name: '', idNumber: '', phone: '', privacy: false, recording: false }

export interface Today {
  number: string
  slip: string
  lastFour: string
}

export function useDraft(now: () => number) {
  const region = shallowRef<Region | null>(null)
  const matter = shallowRef<MatterGuide | null>(null)
  const regions = shallowRef<Region[]>([])
  const matters = shallowRef<MatterChoice[]>([])
  /** whether this point itself is open, as of the last list */
  const point = shallowRef<Opening | null>(null)
  /** an appointment is wanted, not a ticket */
  const booking = ref(false)
  /** the time chosen for it */
  const at = ref<Moment | null>(null)
  /** the ticket that waits on today while its citizen books another day */
  const today = shallowRef<Today | null>(null)
  const person = reactive({ ...BLANK })
  /** what the house found wrong, by field */
  const faults = ref<Record<string, string>>({})

  const steps = computed<readonly string[]>(() => (booking.value ? BOOKING_STEPS : STEPS))
  const agreed = computed(() => person.privacy && (person.recording || !matter.value?.records))
  const complete = computed(() => !nameFault(person.name) && !idFault(person.idNumber, now()) && !phoneFault(person.phone))

  function ticket(look: Pick<TakeTicket, 'language' | 'elder'>): TakeTicket {
    return {
      matterId: matter.value!.id,
      name: person.name.trim(),
      idNumber: tidyId(person.idNumber),
      phone: person.phone.replace(/[\s-]/g, ''),
      consent: { privacy: true, recording: matter.value!.records ? person.recording : null },
      ...look,
    }
  }
  function offer(listed: { point: Opening; regions?: Region[]; matters?: MatterChoice[] }): void {
    point.value = listed.point
    if (listed.regions) regions.value = listed.regions
    if (listed.matters) matters.value = listed.matters
  }
  function forget(): void {
    region.value = matter.value = point.value = at.value = today.value = null
    booking.value = false
    regions.value = []
    matters.value = []
    Object.assign(person, BLANK)
    faults.value = {}
  }
  return { region, matter, regions, matters, point, booking, at, today, steps, offer, person, faults, agreed, complete, ticket, forget }
}

export type Draft = ReturnType<typeof useDraft>
