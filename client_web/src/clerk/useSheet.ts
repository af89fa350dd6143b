/** How a page lies in its frame: at 100 % a portrait fills the width, anything wider fits as a whole. */
import { computed, onScopeDispose, ref, useTemplateRef, watch, type Ref } from 'vue'

export function useSheet(zoom: Ref<number>, quarter: Ref<number>) {
  const frame = useTemplateRef<HTMLElement>('frame')
  const room = ref({ width: 0, height: 0 })
  const natural = ref({ width: 3, height: 4 })

  const observer = new ResizeObserver(([entry]) => {
    if (entry) room.value = { width: entry.contentRect.width, height: entry.contentRect.height }
  })
  watch(frame, (element) => {
    observer.disconnect()
    if (element) observer.observe(element)
  }, { immediate: true })
  onScopeDispose(() => observer.disconnect())

  /** The size on the screen after turning, in px. */
  const size = computed(() => {
    const lying = quarter.value % 2 === 1
    const width = lying ? natural.value.height : natural.value.width
    const height = lying ? natural.value.width : natural.value.height
    const fit = width < height ? room.value.width / width : Math.min(room.value.width / width, room.value.height / height)
    return { width: width * fit * zoom.value, height: height * fit * zoom.value, lying }
  })
  const box = computed(() => ({ width: `${size.value.width}px`, height: `${size.value.height}px` }))
  const picture = computed(() => ({
    width: `${size.value.lying ? size.value.height : size.value.width}px`,
    transform: `translate(-50%, -50%) rotate(${quarter.value * 90}deg)`,
  }))
  function measure({ target }: Event): void {
    const image = target as HTMLImageElement
    natural.value = { width: image.naturalWidth, height: image.naturalHeight }
  }
  return { frame, box, picture, measure }
}
