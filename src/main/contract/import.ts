import { z } from 'zod'
import { textIfAny, textOrNone } from './text-or-none.ts'
import { exampleSchema, datasetKindSchema } from './data.ts'

/** How files become data: their forms, their columns, and what a look at one finds. */

/**
 * Prompts that are put over each row: one template of Jinja's language, input and answer with `|||` between, or the
 * templates.yaml of PromptSource.
 */
const promptTemplatesSchema = z.object({
  /** The template itself, or the text of templates.yaml, in characters. Not empty, at most 2,000,000 characters. */
  source: z.string().min(1).max(2_000_000),
  /** So many different ones over each row, drawn by the seed; null: all. At least 1. */
  perRow: z.int().min(1).nullable().default(null),
  /** Seed of what is drawn where there are more than `perRow`. 0 or more. */
  seed: z.int().min(0).default(42)
})
export type PromptTemplates = z.infer<typeof promptTemplatesSchema>

/**
 * How the columns of a table become examples; shown with ten rows as they will be understood before an import. A column
 * is a name, a path into nested values (`answers.text`, `messages[-1].content`) or a pattern with several of them in
 * braces (`{premise}\nQuestion: {hypothesis}`).
 */
export const columnMappingSchema = z.object({
  /** Column or pattern of the question; null: prompts make it, or nobody has said yet. */
  input: textOrNone,
  /** Column or pattern of the answer; null: prompts make it, or there are no answers, questions only. */
  output: textOrNone,
  /** Column or pattern of the task. */
  task: textIfAny,
  /** Column or pattern of the prompt's name. */
  template: textIfAny,
  /** Column or pattern of the task's group. */
  group: textIfAny,
  /** Column or pattern of the source's own id. */
  id: textIfAny,
  /** A column with a list, or one pattern for each choice with ` ||| ` between them: `{sol1} ||| {sol2}`. */
  choices: textIfAny,
  /** Names of the choices, where the answer is one of them: `choices.label` beside A, B, C. */
  choiceNames: textIfAny,
  /** What stands in the answer's column: the text itself, the place of a choice from 0 or 1, or its letter or name. */
  answer: z.enum(['text', 'index', 'number', 'letter']).optional(),
  /** Words for label numbers, by the text of the column: `{"0": "no", "1": "yes"}`. */
  labels: z.record(z.string(), z.string()).optional(),
  /** Used where no task column is mapped. */
  taskName: textIfAny,
  /** Prompts instead of columns for input and answer, which are then null. */
  templates: promptTemplatesSchema.optional()
})
export type ColumnMapping = z.infer<typeof columnMappingSchema>

export const importFormats = [
  'line-array',
  'recross-jsonl',
  'natural-instructions',
  'json',
  'jsonl',
  'csv',
  'tsv',
  'xlsx',
  'text',
  'parquet',
  'lab'
] as const

export const importFormatSchema = z.enum(importFormats)
export type ImportFormat = z.infer<typeof importFormatSchema>

export const encodings = [
  ...(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'latin-1'] as const),
  ...(['windows-1250', 'windows-1251', 'windows-1253', 'windows-1254', 'koi8-r', 'macintosh'] as const),
  ...(['gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr'] as const)
] as const

export type Encoding = (typeof encodings)[number]

/** How a file is taken apart. What is not given is told from the file; a preview says what was told. */
export const readingSchema = z.object({
  /** Encoding of the text; left out: told from its first bytes. */
  encoding: z.enum(encodings).optional(),
  /** Tables: one ASCII character between two fields. */
  delimiter: z
    .string()
    .regex(/^[\t -~]$/)
    .optional(),
  /** Tables: the character around fields that hold delimiters; empty: quotes are plain text. */
  quote: z.enum(['"', "'", '']).optional(),
  /** Tables: the character that takes away the meaning of the next one; empty: none, a quote in quotes is doubled. */
  escape: z.enum(['\\', '']).optional(),
  /** Tables: whether the first row names the columns. */
  header: z.boolean().optional(),
  /** Excel: the name of the sheet. */
  sheet: textIfAny,
  /** JSON with several lists of records: the name of the one to read; `*`: all. */
  part: textIfAny
})
export type Reading = z.infer<typeof readingSchema>

export const rejectedLineSchema = z.object({
  /** Path of the file as it was given. */
  file: z.string(),
  /** Number of the line, from 1. */
  line: z.int(),
  /** Name of the field or column that is wrong. */
  field: z.string(),
  /** What was expected there. */
  expected: z.string(),
  /** The beginning of the line. */
  text: z.string()
})
export type RejectedLine = z.infer<typeof rejectedLineSchema>

/** What the card of a repository on the hub says about it. */
export const hubCardSchema = z.object({
  /** Its title; null: none. */
  title: textOrNone,
  /** Its licence; null: none. */
  licence: textOrNone,
  /** Languages that it names. */
  languages: z.array(z.string()),
  /** The beginning of its prose. */
  text: z.string()
})
export type HubCard = z.infer<typeof hubCardSchema>

/** By column: words for its label numbers. */
export const columnLabelsSchema = z.record(z.string(), z.record(z.string(), z.string()))

/** A change of what was entered that mends a finding. */
const remedySchema = z.object({
  /** What is offered, in words for a button. */
  label: z.string(),
  /** The format to read the file as instead. */
  format: importFormatSchema.optional(),
  /** How to take the file apart instead. */
  reading: readingSchema.optional(),
  /** The columns to use instead. */
  mapping: columnMappingSchema.optional(),
  /** How many bad lines to set aside. */
  skipLimit: z.int().optional(),
  /** Upstream data or a target instead. */
  kind: datasetKindSchema.optional()
})
export type Remedy = z.infer<typeof remedySchema>

/** Something that a look at a file has found, with what can be done about it. */
const findingSchema = z.object({
  /** Names the kind of finding, the same in every language. */
  code: z.string(),
  /** stop: the import would fail; ask: it goes on only where the user says so; note: good to know. */
  level: z.enum(['stop', 'ask', 'note']),
  /** What was found, in a sentence. */
  message: z.string(),
  /** What can be done about it; none: nothing by itself. */
  remedies: z.array(remedySchema)
})
export type Finding = z.infer<typeof findingSchema>

/** What a look at a file shows before it is imported. */
export const importPreviewSchema = z.object({
  /** The form that the file has. */
  format: importFormatSchema,
  /** As it was given or told from the file. */
  reading: readingSchema,
  /** Names of its columns. */
  columns: z.array(z.string()),
  /** The known layout that the columns have, such as SQuAD; null: none, or the user's own mapping. */
  layout: textOrNone,
  /** Which columns become what; null: nothing can be guessed. */
  mapping: columnMappingSchema.nullable(),
  /** What stands in each column at the beginning, as it is: to choose by, while nobody knows what the columns are. */
  cells: z.array(
    z.object({
      /** Name of the column. */
      column: z.string(),
      /** Its first texts, cut to 200 characters. */
      texts: z.array(z.string())
    })
  ),
  /** The first rows as they will be understood. */
  rows: z.array(exampleSchema),
  /** Lines of the beginning that cannot be read. */
  problems: z.array(rejectedLineSchema),
  /** What one should know or decide before the import. */
  findings: z.array(findingSchema),
  /** Sheets of a workbook, or lists of a JSON file, to choose from. */
  parts: z.array(z.string()),
  /** Size of the file in bytes. */
  bytes: z.int(),
  /** How many examples it may come to, by what the beginning holds; null: not known. */
  estimatedExamples: z.int().nullable()
})
export type ImportPreview = z.infer<typeof importPreviewSchema>
