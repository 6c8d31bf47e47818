import type { Label } from '../../../main/contract/things.ts'
import { Selecting } from './selecting.svelte.ts'

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

/** A list as it is looked at: searched, sorted, without what is archived, some rows selected, not all drawn at once. */
export interface TableView<Row extends { id: string }> {
  search: string
  /** The column that it is sorted by, and whether the largest come first; null for the order in which it came. */
  readonly sort: { label: string; down: boolean } | null
  showArchived: boolean
  readonly archived: number
  /** How many there are to be looked at, and how many of them match. */
  readonly all: number
  readonly total: number
  /** Those that are drawn. */
  readonly shown: readonly Row[]
  readonly selected: ReadonlySet<string>
  /** What is selected and still there. */
  readonly chosen: readonly Row[]
  /** Those that match and are not drawn yet. */
  readonly left: number
  more(): void
  sortBy(label: string): void
  toggle(id: string): void
  toggleAll(): void
  clear(): void
}

const step = 100

/** A list whose rows are all here. */
export class ListView<Row extends { id: string }> extends Selecting<Row> implements TableView<Row> {
  search = $state('')
  sort = $state<{ label: string; down: boolean } | null>(null)
  showArchived = $state(false)
  drawn = $state(step)
  readonly #parts: Parts<Row>

  constructor(parts: Parts<Row>) {
    super()
    this.#parts = parts
  }

  readonly archived: number = $derived.by(
    () => this.#parts.rows().filter((row) => this.#parts.label(row)?.archived).length
  )

  get all(): number {
    return this.#parts.rows().length
  }

  get total(): number {
    return this.found.length
  }

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

  readonly chosen: Row[] = $derived(this.found.filter((row) => this.selected.has(row.id)))

  get left(): number {
    return Math.max(0, this.found.length - this.drawn)
  }

  more(): void {
    this.drawn += step
  }

  sortBy(label: string): void {
    this.sort = sortedNext(this.sort, label)
  }
}

/** Once by the column, then the other way round, then as it came. */
export function sortedNext(sort: TableView<never>['sort'], label: string): TableView<never>['sort'] {
  if (sort?.label !== label) return { label, down: false }
  return sort.down ? null : { label, down: true }
}

/** What has no value stands at the end, in either direction. */
function byValue(a: string | number | null, b: string | number | null, turn: 1 | -1): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * turn
  return String(a).localeCompare(String(b), undefined, { numeric: true }) * turn
}
