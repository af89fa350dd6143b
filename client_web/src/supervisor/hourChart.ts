/**
 * The chart itself, fetched when the wall opens. Canvas, no tooltip: what ECharts writes as inline style
 * into markup our content security policy refuses; the table beside it has every number.
 */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, CanvasRenderer])

export interface Series {
  name: string
  values: number[]
  colour: string
  /** drawn as an outline, so that the series differ without colour too */
  hollow?: boolean
}
export interface Looks {
  ink: string
  line: string
  font: string
  /** px */
  size: number
  /** of the level line */
  level: string
}

/** `level`: a line across all hours, for what does not change with them. */
export function draw(chart: ECharts, hours: string[], series: Series[], { ink, line, font, size, level: colour }: Looks, level?: number): void {
  const bars = series.map((one) => bar(one, hours, ink, size))
  const across = { type: 'line' as const, data: hours.map(() => level), symbol: 'none', color: colour, lineStyle: { color: colour, type: 'dashed' as const, width: 2 } }
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: font, fontSize: size, color: ink },
    grid: { left: size * 2.2, right: size * 0.5, top: size * 1.4, bottom: size * 2 },
    xAxis: { type: 'category', data: hours, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink, fontSize: size } },
    yAxis: { type: 'value', minInterval: 1, splitNumber: 3, splitLine: { lineStyle: { color: line } }, axisLabel: { color: ink, fontSize: size } },
    series: level === undefined ? bars : [...bars, across],
  }, { notMerge: true })
}

function bar({ name, values, colour, hollow }: Series, hours: string[], ink: string, size: number) {
  return {
    type: 'bar' as const, name, data: values.map((value) => value || null), barMaxWidth: size * 3, barGap: '15%', barCategoryGap: '30%',
    itemStyle: { color: hollow ? 'transparent' : colour, borderColor: colour, borderWidth: 2 },
    label: { show: hours.length <= 12, position: 'top' as const, color: ink, fontSize: size * 0.85, formatter: ({ value }: { value: unknown }) => (value ? String(value) : '') },
  }
}

export { init }
