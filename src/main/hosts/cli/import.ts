import { Option } from 'commander'
import { resolve } from 'node:path'
import type { Client } from '../../contract/client.ts'
import {
  importFormats,
  type ColumnMapping,
  type Dataset,
  type ImportFormat,
  type ImportPreview
} from '../../contract/data.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { counted, table } from './table.ts'

/** `import`: files in, one dataset out. */
export const addImport: AddCommand = (program, run) => {
  program
    .command('import <files...>')
    .description('import upstream data, or with --target the test examples of a target task')
    .option('--name <name>', 'name of the dataset; default: that of the first file')
    .option('--target', 'the files hold test examples of a target task', false)
    .option('--queries <file>', 'query sets of the target, such as fewshot.json')
    .option('--groups <file>', 'task groups: {"group": ["task", …]}')
    .addOption(new Option('--format <format>', 'default: what the file looks like').choices(importFormats))
    .option('--input <column>', 'column of the input, or a pattern such as "{premise} {hypothesis}"')
    .option('--output <column>', 'column of the right answer or answers')
    .option('--task <column>', 'column of the task name')
    .option('--task-name <name>', 'name of the task where no column has it')
    .option('--template <column>', 'column of the prompt template')
    .option('--group <column>', 'column of the task group')
    .option('--id <column>', 'column of the id')
    .option('--choices <column>', 'column of the answer choices')
    .option('--skip-bad-lines <count>', 'how many bad lines may be set aside', Number, 0)
    .option('--licence <licence>', 'licence of the data', 'unknown')
    .option('--preview', 'only show how the first file would be understood', false)
    .action(
      run(async ({ client, print, follow }, files: string[], options: ImportOptions) => {
        const paths = files.map((file) => resolve(file))
        const { format = null } = options
        const mapping = mappingOf(options)
        if (options.preview) {
          const preview = await client.data.preview({ file: paths[0]!, format, mapping })
          return print(preview, described(preview))
        }
        const job = await follow(
          await client.data.import({
            name: options.name ?? nameOf(paths[0]!),
            kind: options.target ? 'target' : 'upstream',
            files: paths,
            format,
            mapping,
            groupsFile: options.groups === undefined ? null : resolve(options.groups),
            querySetsFile: options.queries === undefined ? null : resolve(options.queries),
            skipLimit: options.skipBadLines,
            licence: options.licence
          })
        )
        const notes = (await client.jobs.log({ id: job.id })).map(({ text }) => text)
        const dataset =
          job.outcome === null || job.outcome.already ? null : await client.data.get({ id: job.outcome.id })
        const leaks = await followLeakChecks(client, follow, job.createdAt)
        const summary = dataset === null ? [] : [summaryOf(dataset)]
        print({ job, dataset, notes, leaks }, [...notes, ...summary, ...leaks].join('\n'))
      })
    )
}

/** Waits for the look for targets' own data that an import starts, and gives what each says. */
async function followLeakChecks(client: Client, follow: CommandContext['follow'], since: string): Promise<string[]> {
  const { jobs } = await client.jobs.list({ kinds: ['leak-check'], limit: 1000 })
  const found: string[] = []
  for (const check of jobs.filter(({ createdAt }) => createdAt >= since).reverse()) {
    await follow(check)
    const last = (await client.jobs.log({ id: check.id })).at(-1)
    found.push(`${check.title}: ${last?.text ?? 'done.'}`)
  }
  return found
}

function summaryOf({ id, name, kind, examples, tasks, groups, duplicates, rejected }: Dataset): string {
  const counts = [
    counted(examples, 'example', 'examples'),
    `of ${counted(tasks, 'task', 'tasks')}`,
    `in ${counted(groups, 'group', 'groups')},`,
    counted(duplicates, 'duplicate', 'duplicates')
  ].join(' ')
  const aside = rejected === 0 ? '' : ` Lines set aside: ${rejected}; to see them: datasets rejected ${id}`
  return `${name} (${kind}) is ${id}: ${counts}.${aside}`
}

interface ImportOptions {
  name?: string
  target: boolean
  queries?: string
  groups?: string
  format?: ImportFormat
  input?: string
  output?: string
  task?: string
  taskName?: string
  template?: string
  group?: string
  id?: string
  choices?: string
  skipBadLines: number
  licence: string
  preview: boolean
}

function mappingOf({
  input,
  output,
  task,
  taskName,
  template,
  group,
  id,
  choices
}: ImportOptions): ColumnMapping | null {
  if (input === undefined || output === undefined) return null
  const optional = { task, taskName, template, group, id, choices }
  const given = Object.entries(optional).filter(([, column]) => column !== undefined)
  return { input, output, ...Object.fromEntries(given) }
}

function nameOf(path: string): string {
  return path
    .split(/[/\\]/)
    .at(-1)!
    .replace(/(\.(jsonl?|ndjson|csv|tsv|parquet|gz|zst|zip|tar))+$/i, '')
}

function described({ format, columns, mapping, rows, problems, estimatedExamples }: ImportPreview): string {
  const line = (text: string) => text.replace(/\s+/g, ' ').slice(0, 60)
  const shown = rows.map((row) => [row.task, row.template, line(row.input), line(row.outputs.join(' | '))])
  return [
    `Format: ${format}. Columns: ${columns.join(', ')}. About ${estimatedExamples ?? '?'} examples.`,
    `Mapping: ${mapping === null ? 'none; name --input and --output' : JSON.stringify(mapping)}`,
    table(['task', 'template', 'input', 'outputs'], shown),
    ...problems.map((problem) => `Line ${problem.line}, ${problem.field}: expected ${problem.expected}`)
  ].join('\n')
}
