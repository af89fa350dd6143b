/** Five levels, none chosen for him; a reason is needed for the two low ones only (domain §2.1). */
import { computed, ref, shallowRef, watch } from 'vue'
import type { RatingLevel } from '@/wire/models'
import type { World } from '@/wire/world'

export const LEVELS = [5, 4, 3, 2, 1] as const

export function useRating(world: Pick<World, 'api'>) {
  const level = ref<number | null>(null)
  const codes = ref<string[]>([])
  const words = ref('')
  const levels = shallowRef<RatingLevel[]>([])

  const reasons = computed(() => levels.value.find((one) => one.level === level.value)?.codes ?? [])
  const needed = computed(() => level.value !== null && level.value <= 2)
  const complete = computed(() => level.value !== null && (!needed.value || codes.value.length > 0 || words.value.trim() !== ''))

  // Reasons belong to one level; another level starts with none.
  watch(level, () => (codes.value = []))
  // Without the list one can still rate, in one's own words.
  world.api('GET /api/ratings/reasons').then((known) => (levels.value = known.levels), () => {})
  return { level, codes, words, reasons, needed, complete }
}
