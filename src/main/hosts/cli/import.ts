import type { Client } from '../../contract/client.ts'
import type { Dataset } from '../../contract/data.ts'
import type { ImportPreview } from '../../contract/import.ts'
import { asErrorCode } from '../../contract/error-codes.ts'
import { LabError } from '../../contract/error.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { mappingOf, readingOf, withReading, type ReadingOptions } from './reading-options.ts'
import { counted, table } from './table.ts'
import { wholeNumber } from './numbers.ts'

/** `import`: files in, one dataset out. */
export const addImport: AddCommand = (program, run) => {
  withReading(program.command('import <files...>'))
    .description('import upstream data, or with --target the test examples of a target task')
    .option('--name <name>', 'name of the dataset; default: that of the first file')
    .option('--target', 'the files hold test examples of a target task', false)
    .option('--queries <file>', 'query sets of the target, such as fewshot.json')
    .option('--groups <file>', 'task groups: {"group": ["task", …]}')
    .option(
      '--accept <findings...>',
      'go on although the look at the file found this, such as columns-left-out; or all'
    )
    .option(
      '--sample-queries <count>',
      'draw query sets of so many rows, and leave them out of the test',
      wholeNumber(1)
    )
    .option('--sample-rounds <count>', 'how many such sets', wholeNumber(1), 5)
    .option('--sample-seed <number>', 'the same seed draws the same sets', wholeNumber(0), 42)
    .option('--skip-bad-lines <count>', 'how many bad lines may be set aside', wholeNumber(0), 0)
    .option('--licence <licence>', 'licence of the data', 'unknown')
    .option('--preview', 'only show how the first file would be understood', false)
    .action(
      run(async ({ client, print, note, follow }, files: string[], options: ImportOptions) => {
        const paths = files
        const { format = null } = options
        const mapping = mappingOf(options)
        const reading = readingOf(options)
        const kind = options.target ? ('target' as const) : ('upstream' as const)
        const preview = await client.data.preview({ file: paths[0]!, format, reading, mapping, kind })
        if (options.preview) return print(preview, described(preview))
        refuse(preview, options)
        for (const { message } of preview.findings) note(message)
        const job = await follow(
          await client.data.import({
            name: options.name ?? nameOf(paths[0]!),
            kind,
            files: paths,
            format,
            reading,
            mapping,
            groupsFile: options.groups ?? null,
            querySetsFile: options.queries ?? null,
            sampleQueries:
              options.sampleQueries === undefined
                ? null
                : { size: options.sampleQueries, rounds: options.sampleRounds, seed: options.sampleSeed },
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

/** What the look at the first file has found and nobody has agreed to ends the import before it begins. */
function refuse({ findings }: ImportPreview, { accept = [], skipBadLines, input }: ImportOptions): void {
  const named = input !== undefined
  // Bad rows, and what is no data at all, are the import's own to tell, with their lines.
  const own = [
    'bad-lines',
    'no-rows',
    'no-data',
    'no-examples',
    'mapping-needed',
    'answer-needed',
    'part-needed',
    'part-missing',
    'table-quote-open'
  ]
  const open = findings.filter(
    ({ level, code }) => level !== 'note' && !accept.includes('all') && !accept.includes(code)
  )
  // Whoever names the columns has said which are not wanted.
  const [first] = open.filter(({ code }) => !own.includes(code) && !(named && code === 'columns-left-out'))
  if (!first) return
  const ways = first.remedies.map(({ label }) => label).join('; ')
  throw new LabError(
    asErrorCode(first.code),
    `${first.message}${ways === '' ? '' : ` You can: ${ways}.`}${first.level === 'ask' ? ` To go on as it is: --accept ${first.code}` : ''}`,
    { details: { findings: open, skipBadLines } }
  )
}

interface ImportOptions extends ReadingOptions {
  name?: string
  target: boolean
  queries?: string
  groups?: string
  accept?: string[]
  sampleQueries?: number
  sampleRounds: number
  sampleSeed: number
  skipBadLines: number
  licence: string
  preview: boolean
}

function nameOf(path: string): string {
  return path
    .split(/[/\\]/)
    .at(-1)!
    .replace(/(\.(jsonl?|ndjson|csv|tsv|txt|xlsx|xlsm|parquet|gz|zst|zip|tar))+$/i, '')
}

export function described({
  format,
  reading,
  columns,
  layout,
  mapping,
  rows,
  problems,
  findings,
  estimatedExamples
}: ImportPreview): string {
  const line = (text: string) => text.replace(/\s+/g, ' ').slice(0, 60)
  const shown = rows.map((row) => [row.task, row.template, line(row.input), line(row.outputs.join(' | '))])
  const marks = { stop: 'Stop', ask: 'Look', note: 'Note' }
  return [
    `Format: ${format} ${JSON.stringify(reading)}. Columns: ${columns.join(', ')}. About ${estimatedExamples ?? '?'} examples.`,
    `Mapping: ${mapping === null ? 'none; name --input and --output' : `${layout === null ? '' : `${layout} layout, `}${JSON.stringify(mapping)}`}`,
    table(['task', 'template', 'input', 'outputs'], shown),
    ...problems.map((problem) => `Line ${problem.line}, ${problem.field}: expected ${problem.expected}`),
    ...findings.map(
      ({ level, code, message, remedies }) =>
        `${marks[level]} (${code}): ${message}${remedies.length > 0 ? ` Ways: ${remedies.map(({ label }) => label).join('; ')}.` : ''}`
    )
  ].join('\n')
}
