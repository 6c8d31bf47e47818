import type { Dataset, Example, Histogram, TaskSummary } from '../../../main/contract/data.ts'
import type { RejectedLine } from '../../../main/contract/import.ts'
import type { Client } from '../api/client.ts'
import { PagedList } from './paged.svelte.ts'
import { Resource } from './resource.svelte.ts'

type TaskColumn = 'task' | 'group' | 'examples' | 'templates' | 'inputLength' | 'outputLength'

/** One data set: its tasks, lengths, rejected lines, and a search through its examples. */
export class DatasetPage {
  readonly dataset: Resource<Dataset>
  readonly tasks: Resource<TaskSummary[]>
  readonly lengths: Resource<{ input: Histogram; output: Histogram }>
  readonly rejected: Resource<RejectedLine[]>
  readonly examples: PagedList<Example>
  taskText = $state('')
  sortBy = $state<TaskColumn>('examples')
  descending = $state(true)
  text = $state('')
  task = $state('')
  chosen = $state<number | null>(null)

  constructor(client: Client, id: string) {
    this.dataset = new Resource(() => client.data.get({ id }))
    this.tasks = new Resource(() => client.data.tasks({ id }))
    this.rejected = new Resource(() => client.data.rejected({ id }))
    this.lengths = new Resource(async () => {
      const [input, output] = await Promise.all([
        client.data.lengths({ id, field: 'input' }),
        client.data.lengths({ id, field: 'output' })
      ])
      return { input, output }
    })
    this.examples = new PagedList<Example>(async (offset, limit) => {
      const task = this.task === '' ? {} : { task: this.task }
      const { total, examples } = await client.data.search({ id, text: this.text, ...task, limit, offset })
      return { total, items: examples }
    })
  }

  get shownTasks(): TaskSummary[] {
    const words = this.taskText.toLowerCase()
    const found = (this.tasks.value ?? []).filter((task) => `${task.task} ${task.group}`.toLowerCase().includes(words))
    const sign = this.descending ? -1 : 1
    return found.sort((a, b) => sign * compare(a[this.sortBy], b[this.sortBy]) || compare(a.task, b.task))
  }

  get groups(): { label: string; value: number }[] {
    const sums = new Map<string, number>()
    for (const task of this.tasks.value ?? []) sums.set(task.group, (sums.get(task.group) ?? 0) + task.examples)
    return [...sums].map(([label, value]) => ({ label, value }))
  }

  sort(column: TaskColumn): void {
    this.descending = this.sortBy === column ? !this.descending : column !== 'task' && column !== 'group'
    this.sortBy = column
  }

  get example(): Example | null {
    return this.chosen === null ? null : this.examples.at(this.chosen)
  }

  search(): void {
    this.chosen = null
    void this.examples.restart()
  }
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b))
}
