/** What a citizen has chosen and written before there is a ticket. Lives in this page's memory only. */
import { computed, reactive, ref, shallowRef } from 'vue'
import type { MatterChoice, MatterGuide, Opening, Region, TakeTicket } from '@/wire/models'
import { idFault, nameFault, phoneFault, tidyId } from './identity'

const BLANK = { name: '', idNumber: '', phone: '', privacy: false, recording: false }

export function useDraft(now: () => number) {
  const region = shallowRef<Region | null>(null)
  const matter = shallowRef<MatterGuide | null>(null)
  const regions = shallowRef<Region[]>([])
  const matters = shallowRef<MatterChoice[]>([])
  /** whether this point itself is open, as of the last list */
  const point = shallowRef<Opening | null>(null)
  const person = reactive({ ...BLANK })
  /** what the house found wrong, by field */
  const faults = ref<Record<string, string>>({})

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
    region.value = matter.value = point.value = null
    regions.value = []
    matters.value = []
    Object.assign(person, BLANK)
    faults.value = {}
  }
  return { region, matter, regions, matters, point, offer, person, faults, agreed, complete, ticket, forget }
}

export type Draft = ReturnType<typeof useDraft>
