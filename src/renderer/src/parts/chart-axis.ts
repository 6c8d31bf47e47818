/** How axes look in every chart. */
export const axis = {
  axisLine: { lineStyle: { color: 'var(--line-strong)' } },
  axisTick: { show: false },
  axisLabel: { color: 'var(--soft)', fontSize: 12, hideOverlap: true },
  splitLine: { lineStyle: { color: 'var(--line)' } },
  nameTextStyle: { color: 'var(--soft)', fontSize: 12 }
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400]

/** Seconds between the ticks of a time axis: at most six of them, at times that people count in. */
export function timeStep(longest: number): number {
  return steps.find((step) => longest / step <= 6) ?? Math.ceil(longest / 6 / 86_400) * 86_400
}
