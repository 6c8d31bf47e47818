import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import {
  encodings,
  importFormats,
  readingSchema,
  type ColumnMapping,
  type Encoding,
  type ImportFormat,
  type PromptTemplates,
  type Reading
} from '../../contract/import.ts'
import { noneIfEmpty } from '../../contract/none-if-empty.ts'
import { LabError } from '../../contract/error.ts'
import { refuseLfsPointer } from '../../files/lfs-pointer.ts'
import { wholeNumber } from './numbers.ts'

/** How files are read and columns become examples, as `import` and `download` take it. */
export interface ReadingOptions {
  format?: ImportFormat
  input?: string
  output?: string
  templates?: string
  jinja?: string
  promptsPerRow?: number
  promptSeed: number
  task?: string
  taskName?: string
  template?: string
  group?: string
  id?: string
  choices?: string
  choiceNames?: string
  answer?: 'text' | 'index' | 'number' | 'letter'
  labels?: string
  encoding?: Encoding
  delimiter?: string
  quote?: 'double' | 'single' | 'none'
  escape?: 'backslash' | 'none'
  header?: boolean
  sheet?: string
  part?: string
}

/** The same options for every command that brings data in. */
export function withReading(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'default: what the file looks like').choices(importFormats))
    .option(
      '--input <column>',
      'column of the input, a path such as "answers.text", or a pattern: "{premise}\\nQuestion: {hypothesis}"'
    )
    .option('--output <column>', 'column of the right answer or answers; left out for a target of questions only')
    .option('--templates <file>', 'prompts over each row: a templates.yaml of PromptSource, or one template with |||')
    .option('--jinja <template>', 'prompts as text: "{{question}} ||| {{answer}}"')
    .option('--prompts-per-row <count>', 'so many different prompts over each row; default all', wholeNumber(1))
    .option('--prompt-seed <number>', 'the same seed draws the same prompts', wholeNumber(0), 42)
    .option('--task <column>', 'column of the task name')
    .option('--task-name <name>', 'name of the task where no column has it')
    .option('--template <column>', 'column of the prompt template')
    .option('--group <column>', 'column of the task group')
    .option('--id <column>', 'column of the id')
    .option('--choices <column>', 'column of the answer choices, or one pattern each: "{sol1} ||| {sol2}"')
    .option('--choice-names <column>', 'column of the names of the choices, such as choices.label')
    .addOption(
      new Option('--answer <kind>', 'what the answer column holds where there are choices').choices([
        'text',
        'index',
        'number',
        'letter'
      ])
    )
    .option('--labels <number=words>', 'words for label numbers: "0=no,1=yes"')
    .addOption(new Option('--encoding <encoding>', 'default: what the file looks like').choices(encodings))
    .option('--delimiter <character>', 'of a table: , ; | or tab')
    .addOption(new Option('--quote <kind>', 'of a table').choices(['double', 'single', 'none']))
    .addOption(new Option('--escape <kind>', 'of a table').choices(['backslash', 'none']))
    .option('--header', 'the first row of the table names its columns')
    .option('--no-header', 'no row of the table names its columns; they are "column 1", "column 2", …')
    .option('--sheet <name>', 'of an Excel file')
    .option('--part <name>', 'the list to read of a JSON file with several; "*" for all')
}

export function mappingOf(options: ReadingOptions): ColumnMapping | null {
  const { input, output, labels, task, taskName, template, group, id, choices, choiceNames, answer } = options
  const templates = templatesOf(options)
  const optional = { task, taskName, template, group, id, choices, choiceNames, answer, labels: wordsOf(labels) }
  const given = Object.entries(optional).filter(([, value]) => value !== undefined)
  if (templates) return { input: null, output: null, templates, ...Object.fromEntries(given) }
  if (input === undefined) {
    if (output === undefined && given.length === 0) return null
    throw new LabError(
      'mapping-needed',
      'Columns are named all or not at all: add --input, and --output where there are answers, or leave the options of columns out.'
    )
  }
  // A shell writes a line break as two characters.
  const columns = { input: input.replaceAll('\\n', '\n'), output: noneIfEmpty(output ?? '') }
  return { ...columns, ...Object.fromEntries(given) }
}

function templatesOf({ templates, jinja, promptsPerRow, promptSeed }: ReadingOptions): PromptTemplates | null {
  if (templates === undefined && jinja === undefined) return null
  if (templates !== undefined && jinja !== undefined)
    throw new LabError('template', '--templates and --jinja are two ways to give prompts; give one of them.')
  const source = jinja ?? readText(templates!)
  return { source, perRow: promptsPerRow ?? null, seed: promptSeed }
}

function readText(path: string): string {
  refuseLfsPointer(path)
  try {
    return readFileSync(resolve(path), 'utf8')
  } catch (cause) {
    throw new LabError('file-missing', `There is no file ${path} that can be read.`, { cause, details: { path } })
  }
}

/** `0=no,1=yes` */
function wordsOf(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined
  const pairs = text.split(',').map((pair) => /^\s*([^=]+?)\s*=\s*(.+?)\s*$/.exec(pair))
  if (pairs.some((pair) => pair === null))
    throw new LabError('label-words', `"${text}" is not a list such as 0=no,1=yes.`)
  return Object.fromEntries(pairs.map((pair) => [pair![1]!, pair![2]!]))
}

export function readingOf({ encoding, delimiter, quote, escape, header, sheet, part }: ReadingOptions): Reading {
  const reading = {
    encoding,
    delimiter: delimiter === undefined ? undefined : ({ tab: '\t', '\\t': '\t' }[delimiter] ?? delimiter),
    quote: quote === undefined ? undefined : { double: '"', single: "'", none: '' }[quote],
    escape: escape === undefined ? undefined : { backslash: '\\', none: '' }[escape],
    header,
    sheet,
    part
  }
  return readingSchema.parse(Object.fromEntries(Object.entries(reading).filter(([, value]) => value !== undefined)))
}
