/** Keeps the chart of a box in step with the hours, its size and the page's colours. */
import { onScopeDispose, watch, type Ref } from 'vue'
import type { ECharts } from 'echarts/core'
import type { Series } from './hourChart'

type Part = typeof import('./hourChart')

export function useHourChart(box: Ref<HTMLElement | null>, hours: Ref<string[]>, series: Ref<Omit<Series, 'colour'>[]>, colours: string[], level?: Ref<number>): void {
  let chart: ECharts | null = null
  let part: Part | null = null
  const observer = new ResizeObserver(() => {
    chart?.resize()
    paint()
  })

  async function open(element: HTMLElement): Promise<void> {
    part = await import('./hourChart')
    // The panel may have been turned to its table meanwhile.
    if (box.value !== element) return
    chart = part.init(element)
    observer.observe(element)
    paint()
  }
  function close(): void {
    observer.disconnect()
    chart?.dispose()
    chart = null
  }
  function paint(): void {
    if (!chart || !part || !box.value) return
    const style = getComputedStyle(box.value)
    const of = (name: string) => style.getPropertyValue(name).trim()
    const painted = series.value.map((one, n) => ({ ...one, colour: of(colours[n] ?? '--ink') }))
    part.draw(chart, hours.value, painted, { ink: of('--ink-soft'), line: of('--line'), font: style.fontFamily, size: parseFloat(style.fontSize), level: of('--gold') }, level?.value)
  }

  watch(box, (element) => {
    close()
    if (element) void open(element)
  }, { immediate: true, flush: 'post' })
  watch([hours, series, () => level?.value], paint)
  onScopeDispose(close)
}
