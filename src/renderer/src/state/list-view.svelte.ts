import type { Label } from '../../../main/contract/things.ts'

/** A column by which rows can be sorted. */
interface SortColumn<Row> {
  label: string
  by?: ((row: Row) => string | number | null) | undefined
}

interface Parts<Row> {
  rows: () => readonly Row[]
  name: (row: Row) => string
  /** What else of a row is searched. */
  words?: ((row: Row) => string) | undefined
  label: (row: Row) => Label | undefined
  columns: () => readonly SortColumn<Row>[]
}

const step = 100

/** A list as it is looked at: searched, sorted, without what is archived, some rows selected, not all drawn at once. */
export class ListView<Row extends { id: string }> {
  search = $state('')
  /** The column that it is sorted by, and whether the largest come first; null for the order in which it came. */
  sort = $state<{ label: string; down: boolean } | null>(null)
  showArchived = $state(false)
  selected = $state.raw<ReadonlySet<string>>(new Set())
  drawn = $state(step)
  readonly #parts: Parts<Row>

  constructor(parts: Parts<Row>) {
    this.#parts = parts
  }

  readonly archived: number = $derived.by(
    () => this.#parts.rows().filter((row) => this.#parts.label(row)?.archived).length
  )

  /** All rows that match, in order. */
  readonly found: Row[] = $derived.by(() => {
    const { rows, name, words, label, columns } = this.#parts
    const wanted = this.search.toLowerCase().split(/\s+/).filter(Boolean)
    const matching = rows().filter((row) => {
      const written = label(row)
      if (written?.archived && !this.showArchived) return false
      if (wanted.length === 0) return true
      const text = [name(row), words?.(row) ?? '', ...(written?.tags ?? []), written?.note ?? '']
        .join(' ')
        .toLowerCase()
      return wanted.every((word) => text.includes(word))
    })
    const by = columns().find((column) => column.label === this.sort?.label)?.by
    if (!by || !this.sort) return matching
    const turn = this.sort.down ? -1 : 1
    return matching
      .map((row) => ({ row, value: by(row) }))
      .sort((a, b) => byValue(a.value, b.value, turn))
      .map(({ row }) => row)
  })

  readonly shown: Row[] = $derived(this.found.slice(0, this.drawn))

  /** What is selected and still there. */
  readonly chosen: Row[] = $derived(this.found.filter((row) => this.selected.has(row.id)))

  get left(): number {
    return Math.max(0, this.found.length - this.drawn)
  }

  more(): void {
    this.drawn += step
  }

  /** Once by the column, then the other way round, then as it came. */
  sortBy(label: string): void {
    if (this.sort?.label !== label) this.sort = { label, down: false }
    else this.sort = this.sort.down ? null : { label, down: true }
  }

  toggle(id: string): void {
    const selected = new Set(this.selected)
    if (!selected.delete(id)) selected.add(id)
    this.selected = selected
  }

  toggleAll(): void {
    const all = this.shown.every((row) => this.selected.has(row.id))
    this.selected = new Set(all ? [] : this.shown.map((row) => row.id))
  }

  clear(): void {
    this.selected = new Set()
  }
}

/** What has no value stands at the end, in either direction. */
function byValue(a: string | number | null, b: string | number | null, turn: 1 | -1): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * turn
  return String(a).localeCompare(String(b), undefined, { numeric: true }) * turn
}
