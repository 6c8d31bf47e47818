import type { MapPoint } from './index-page.svelte.ts'

const paletteSize = 10

/**
 * What part of the embedding map is in view, which groups are shown, and which point is under the pointer or chosen by
 * keyboard. Screen positions are in CSS pixels; the view keeps the aspect of the data.
 */
export class MapView {
  points: readonly MapPoint[]
  groups: readonly string[]
  hidden = $state.raw<ReadonlySet<string>>(new Set())
  scale = $state(1)
  x = $state(0)
  y = $state(0)
  width = $state(0)
  height = $state(0)
  active = $state<number | null>(null)

  constructor(points: readonly MapPoint[]) {
    this.points = points
    this.groups = [...new Set(points.flatMap(({ group }) => group ?? []))].sort()
  }

  resize(width: number, height: number): void {
    const first = this.width === 0
    this.width = width
    this.height = height
    if (first) this.showAll()
  }

  showAll(): void {
    const xs = this.points.map((point) => point.x)
    const ys = this.points.map((point) => point.y)
    const [left, right, top, bottom] = [least(xs), greatest(xs), least(ys), greatest(ys)]
    this.x = (left + right) / 2
    this.y = (top + bottom) / 2
    const margin = 32
    this.scale = Math.min(
      (this.width - margin) / Math.max(1e-6, right - left),
      (this.height - margin) / Math.max(1e-6, bottom - top)
    )
  }

  /** Zooms so that the given screen position stays where it is. */
  zoom(factor: number, screenX = this.width / 2, screenY = this.height / 2): void {
    const beforeX = (screenX - this.width / 2) / this.scale
    const beforeY = (screenY - this.height / 2) / this.scale
    this.scale *= factor
    this.x += beforeX - (screenX - this.width / 2) / this.scale
    this.y += beforeY - (screenY - this.height / 2) / this.scale
  }

  move(screenX: number, screenY: number): void {
    this.x += screenX / this.scale
    this.y += screenY / this.scale
  }

  place(point: MapPoint): [number, number] {
    return [(point.x - this.x) * this.scale + this.width / 2, (point.y - this.y) * this.scale + this.height / 2]
  }

  isShown(point: MapPoint): boolean {
    return point.group === null || !this.hidden.has(point.group)
  }

  toggle(group: string): void {
    const hidden = new Set(this.hidden)
    if (!hidden.delete(group)) hidden.add(group)
    this.hidden = hidden
  }

  /** The nearest shown point within a few pixels. */
  nearest(screenX: number, screenY: number, within = 12): number | null {
    let best: number | null = null
    let bestDistance = within * within
    for (const [index, point] of this.points.entries()) {
      if (!this.isShown(point)) continue
      const [px, py] = this.place(point)
      const distance = (px - screenX) ** 2 + (py - screenY) ** 2
      if (distance < bestDistance) {
        best = index
        bestDistance = distance
      }
    }
    return best
  }

  /** Steps through the shown points in view, from left to right. */
  step(by: 1 | -1): void {
    const inView = [...this.points.keys()]
      .filter((index) => {
        const point = this.points[index]
        if (!point || !this.isShown(point)) return false
        const [px, py] = this.place(point)
        return px >= 0 && py >= 0 && px <= this.width && py <= this.height
      })
      .sort((a, b) => (this.points[a]?.x ?? 0) - (this.points[b]?.x ?? 0))
    if (inView.length === 0) return
    const at = this.active === null ? -1 : inView.indexOf(this.active)
    this.active = inView[(at + by + inView.length) % inView.length] ?? null
  }

  /** A keyboard command; true where it was one. */
  key(key: string): boolean {
    const pan = 60
    const actions: Record<string, () => void> = {
      ArrowLeft: () => this.move(-pan, 0),
      ArrowRight: () => this.move(pan, 0),
      ArrowUp: () => this.move(0, -pan),
      ArrowDown: () => this.move(0, pan),
      '+': () => this.zoom(1.4),
      '=': () => this.zoom(1.4),
      '-': () => this.zoom(1 / 1.4),
      '0': () => this.showAll(),
      n: () => this.step(1),
      p: () => this.step(-1)
    }
    const action = actions[key]
    action?.()
    return action !== undefined
  }

  colourOf(group: string): string {
    return `var(--map-${this.groups.indexOf(group) % paletteSize})`
  }
}

function least(values: number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity)
}

function greatest(values: number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity)
}
