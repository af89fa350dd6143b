/**
 * The chart itself, fetched when the wall opens. Canvas, no tooltip: what ECharts writes as inline style
 * into markup our content security policy refuses; the table beside it has every number.
 */
import { BarChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use, type ECharts } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([BarChart, GridComponent, CanvasRenderer])

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
}

export function draw(chart: ECharts, hours: string[], series: Series[], { ink, line, font, size }: Looks): void {
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: font, fontSize: size, color: ink },
    grid: { left: size * 2.2, right: size * 0.5, top: size * 1.4, bottom: size * 2 },
    xAxis: { type: 'category', data: hours, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink, fontSize: size } },
    yAxis: { type: 'value', minInterval: 1, splitNumber: 3, splitLine: { lineStyle: { color: line } }, axisLabel: { color: ink, fontSize: size } },
    series: series.map(({ name, values, colour, hollow }) => ({
      type: 'bar', name, data: values.map((value) => value || null), barMaxWidth: size * 3, barGap: '15%', barCategoryGap: '30%',
      itemStyle: { color: hollow ? 'transparent' : colour, borderColor: colour, borderWidth: 2 },
      label: { show: hours.length <= 12, position: 'top', color: ink, fontSize: size * 0.85, formatter: ({ value }: { value: unknown }) => (value ? String(value) : '') },
    })),
  }, { notMerge: true })
}

export { init }
