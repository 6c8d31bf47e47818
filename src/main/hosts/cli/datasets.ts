import type { Example } from '../../contract/data.ts'
import type { AddCommand } from './command.ts'
import { bytes, table } from './table.ts'
import { addThingVerbs } from './things.ts'
import { wholeNumber } from './numbers.ts'

/** `datasets`: list, browse, search and remove them. */
export const addDatasets: AddCommand = (program, run) => {
  const datasets = program.command('datasets').description('list, browse and remove datasets')

  datasets
    .command('list', { isDefault: true })
    .description('all datasets')
    .action(
      run(async ({ client, print }) => {
        const all = await client.data.list()
        const rows = all.map((d) => [d.id, d.kind, String(d.examples), String(d.tasks), bytes(d.bytes), d.name])
        const header = ['id', 'kind', 'examples', 'tasks', 'size', 'name']
        print(all, all.length === 0 ? 'No datasets.' : table(header, rows, ['examples', 'tasks', 'size']))
      })
    )

  datasets
    .command('show <dataset>')
    .description('one dataset with its tasks')
    .action(
      run(async ({ client, print }, id: string) => {
        const dataset = await client.data.get({ id })
        const tasks = await client.data.tasks({ id })
        const rows = tasks.map((t) => [
          t.task,
          t.group,
          String(t.examples),
          String(t.templates),
          t.inputLength.toFixed(0),
          t.outputLength.toFixed(0)
        ])
        const header = ['task', 'group', 'examples', 'templates', 'input', 'output']
        const { name, examples, duplicates, rejected, contentHash } = dataset
        const head = `${name}: ${examples} examples, ${duplicates} duplicates, ${rejected} lines set aside. Content ${contentHash}`
        print({ ...dataset, taskList: tasks }, [head, table(header, rows, header.slice(2))].join('\n'))
      })
    )

  datasets
    .command('search <dataset> [text...]')
    .description('full-text search for any of the words')
    .option('--task <task>', 'only in this task')
    .option('--group <group>', 'only in this group')
    .option('--limit <count>', 'how many', wholeNumber(1), 10)
    .action(
      run(async ({ client, print }, id: string, words: string[] = [], options: SearchOptions) => {
        const { total, examples } = await client.data.search({ id, text: words.join(' '), ...options })
        print({ total, examples }, [`${total} found.`, ...examples.map(inFull)].join('\n\n'))
      })
    )

  datasets
    .command('example')
    .argument('<dataset>', 'the data')
    .argument('<number>', 'which row, from 1', wholeNumber(1))
    .description('one example in full')
    .action(
      run(async ({ client, print }, id: string, number: number) => {
        const example = await client.data.example({ id, exampleId: number })
        print(example, inFull(example))
      })
    )

  datasets
    .command('rejected <dataset>')
    .description('lines that were set aside at the import')
    .action(
      run(async ({ client, print }, id: string) => {
        const lines = await client.data.rejected({ id })
        const text = lines.map((l) => `${l.file}, line ${l.line}, ${l.field}: expected ${l.expected}\n  ${l.text}`)
        print(lines, lines.length === 0 ? 'None.' : text.join('\n'))
      })
    )

  addThingVerbs(datasets, run, 'dataset')
}

interface SearchOptions {
  task?: string
  group?: string
  limit: number
}

function inFull({ id, task, template, group, sourceId, sourceItem, input, outputs, choices }: Example): string {
  const head = `#${id}  ${[group, task, template].filter(Boolean).join(' / ')}  ${sourceId}  (source item ${sourceItem})`
  const answers = outputs.map((output) => `→ ${output}`)
  return [head, input, ...answers, ...(choices ? [`Choices: ${choices.join(' | ')}`] : [])].join('\n')
}
