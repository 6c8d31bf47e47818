import type { Experiment } from '../../../main/contract/experiments.ts'
import type { ExperimentOrder, ExperimentSearch } from '../../../main/contract/experiment-search.ts'
import type { Client } from '../api/client.ts'
import { debounced } from './debounce.ts'
import { sortedNext, type TableView } from './list-view.svelte.ts'
import { Resource } from './resource.svelte.ts'
import { Selecting } from './selecting.svelte.ts'

/** So many are asked for at first, and so many more as the list is scrolled. */
const atFirst = 30
const step = 100

/** The list of experiments, a page at a time: the backend searches and sorts, so that ten thousand are no burden. */
export class ExperimentsView extends Selecting<Experiment> implements TableView<Experiment> {
  #search = $state('')
  #sort = $state.raw<TableView<Experiment>['sort']>(null)
  #showArchived = $state(false)
  /** What followed on the first page. */
  #rest = $state.raw<readonly Experiment[]>([])
  #asking = false
  /** Counts the questions, so that a page of an earlier one is dropped. */
  #turn = 0
  readonly first: Resource<Awaited<ReturnType<Client['experiments']['page']>>>
  readonly #client: Client
  /** What a column's label sorts by. */
  readonly #orders: Readonly<Record<string, ExperimentOrder>>
  readonly #searchSoon = debounced(() => void this.#restart(), 150)

  constructor(client: Client, orders: Readonly<Record<string, ExperimentOrder>>) {
    super()
    this.#client = client
    this.#orders = orders
    this.first = new Resource(() => this.#ask(0, atFirst))
  }

  /** Asks for what is shown, at first and whenever the experiments have changed; what is there stays until then. */
  async load(): Promise<void> {
    const turn = ++this.#turn
    await this.first.load()
    let wanted = this.#rest.length
    const rest: Experiment[] = []
    for (; wanted > 0 && turn === this.#turn && this.first.problem === null; wanted -= step) {
      const { experiments } = await this.#ask(atFirst + rest.length, step).catch(() => ({ experiments: [] }))
      rest.push(...experiments)
      if (experiments.length < step) break
    }
    if (turn === this.#turn) this.#rest = rest
  }

  get search(): string {
    return this.#search
  }

  set search(text: string) {
    this.#search = text
    this.#searchSoon()
  }

  get sort(): TableView<Experiment>['sort'] {
    return this.#sort
  }

  get showArchived(): boolean {
    return this.#showArchived
  }

  set showArchived(show: boolean) {
    this.#showArchived = show
    void this.#restart()
  }

  get archived(): number {
    return this.first.value?.archived ?? 0
  }

  get all(): number {
    return this.first.value?.all ?? 0
  }

  get total(): number {
    return this.first.value?.total ?? 0
  }

  readonly shown: readonly Experiment[] = $derived.by(() => {
    const first = this.first.value?.experiments ?? []
    // An experiment that has begun since moves the others down by one.
    const seen = new Set(first.map(({ id }) => id))
    return [...first, ...this.#rest.filter(({ id }) => !seen.has(id))]
  })

  readonly chosen: readonly Experiment[] = $derived(this.shown.filter(({ id }) => this.selected.has(id)))

  get left(): number {
    return Math.max(0, this.total - this.shown.length)
  }

  more(): void {
    if (this.#asking || this.left === 0) return
    this.#asking = true
    const turn = this.#turn
    void this.#ask(this.shown.length, step)
      .then(({ experiments }) => {
        if (turn === this.#turn) this.#rest = [...this.#rest, ...experiments]
      })
      // What cannot be read is said by the next question, which begins with the first page.
      .catch(() => this.first.load())
      .finally(() => (this.#asking = false))
  }

  sortBy(label: string): void {
    this.#sort = sortedNext(this.#sort, label)
    void this.#restart()
  }

  /** Another list: from its beginning. */
  async #restart(): Promise<void> {
    this.#turn++
    this.#rest = []
    await this.first.load()
  }

  #ask(offset: number, limit: number): ReturnType<Client['experiments']['page']> {
    const by = this.#sort === null ? undefined : this.#orders[this.#sort.label]
    const order: Partial<ExperimentSearch> = by === undefined ? {} : { sort: by, down: this.#sort?.down ?? false }
    return this.#client.experiments.page({
      ...{ text: this.#search, archived: this.#showArchived, offset, limit },
      ...order
    })
  }
}
