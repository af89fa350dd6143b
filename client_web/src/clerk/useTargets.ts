/** Where the person of this call may be sent on to: fetched when asked, found by words, one of them chosen. */
import { computed, ref, shallowRef, watch } from 'vue'
import type { TransferTargets, TransferTo } from '@/wire/models'

export type Matter = TransferTargets['matters'][number]
export type Colleague = TransferTargets['windows'][number]
export type Group = 'windows' | 'matters' | 'elsewhere'
/** Why a target cannot be chosen, or what choosing it means; null: nothing to say. */
export type Remark = 'closed' | 'paused' | 'offline' | 'busy' | null

export interface Target {
  id: string
  group: Group
  name: string
  under: string
  remark: Remark
  /** it cannot be chosen now */
  shut: boolean
  to: TransferTo
}

const BUSY: Colleague['state'][] = ['busy', 'ringing', 'offered', 'wrap_up']

function ofWindow({ id, name, staffName, state }: Colleague): Target {
  const away = state === 'paused' || state === 'offline' ? state : null
  const remark = away ?? (BUSY.includes(state) ? 'busy' : null)
  return { id: `window ${id}`, group: 'windows', name, under: staffName, remark, shut: away !== null, to: { windowId: id } }
}
function ofMatter(matter: Matter, office: string): Target {
  const { id, name, officeName, regionName, lineTitle, open } = matter
  const home = officeName === office
  const under = home ? lineTitle : `${regionName} · ${officeName}`
  return { id: `matter ${id}`, group: home ? 'matters' : 'elsewhere', name, under, remark: open ? null : 'closed', shut: !open, to: { matterId: id } }
}

/** All targets as one list: colleagues, other matters of `office` (its name), and matters of other offices. */
export function targetsOf({ windows, matters }: TransferTargets, office: string): Target[] {
  const all = [...windows.map(ofWindow), ...matters.map((matter) => ofMatter(matter, office))]
  const rank: Group[] = ['windows', 'matters', 'elsewhere']
  return all.sort((a, b) => rank.indexOf(a.group) - rank.indexOf(b.group) || Number(a.shut) - Number(b.shut))
}
/** Those in whose words every piece of what was typed occurs. */
export function found(targets: readonly Target[], typed: string): Target[] {
  const pieces = typed.trim().toLocaleLowerCase().split(/\s+/)
  return targets.filter(({ name, under }) => pieces.every((piece) => `${name} ${under}`.toLocaleLowerCase().includes(piece)))
}

export function useTargets(fetch: () => Promise<TransferTargets>, office: string) {
  const all = shallowRef<Target[] | null>(null)
  const typed = ref('')
  const chosenId = ref<string | null>(null)
  const shown = computed(() => found(all.value ?? [], typed.value))

  async function load(): Promise<void> {
    all.value = targetsOf(await fetch(), office)
  }
  // What is not in sight is not chosen.
  watch(shown, (rows) => {
    if (!rows.some((row) => row.id === chosenId.value && !row.shut)) chosenId.value = null
  })
  return { all, typed, chosenId, shown, load, chosen: computed(() => shown.value.find((row) => row.id === chosenId.value) ?? null) }
}
