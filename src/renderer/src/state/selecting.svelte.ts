/** Rows of a list of which some are selected. */
export abstract class Selecting<Row extends { id: string }> {
  selected = $state.raw<ReadonlySet<string>>(new Set())
  abstract readonly shown: readonly Row[]

  toggle(id: string): void {
    const next = new Set(this.selected)
    if (!next.delete(id)) next.add(id)
    this.selected = next
  }

  /** All that are shown; none where they all are selected already. */
  toggleAll(): void {
    const all = this.shown.every(({ id }) => this.selected.has(id))
    this.selected = new Set(all ? [] : this.shown.map(({ id }) => id))
  }

  clear(): void {
    this.selected = new Set()
  }
}
