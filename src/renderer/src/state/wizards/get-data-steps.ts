import { z } from 'zod'
import type { DatasetKind } from '../../../../main/contract/data.ts'
import type { ColumnMapping, ImportFormat, Reading } from '../../../../main/contract/import.ts'
import { jobSchemas } from '../../../../main/contract/jobs.ts'
import { type SampleQueries, sampleQueriesSchema, usualQueries } from '../../../../main/contract/kinds/data.ts'
import { texts } from '../../texts/texts.ts'
import type { WizardStep } from '../wizard.svelte.ts'
import { refusedField } from './checked.ts'
import { noOrigin, originSteps, type Origin } from './bring-in.svelte.ts'

/** What is entered to bring data in. */
export interface DataValues extends Origin {
  source: 'catalog' | 'file' | 'paste' | 'hub' | null
  file: string
  pasted: string
  /** Of a dataset on the hub: what there is, once it was looked at; then what is wanted of it. */
  seenRepo: string | null
  configs: string[]
  /** `*`: all splits together. */
  split: string
  format: ImportFormat | null
  /** What the user says about how the file is read; the rest is told from the file. */
  reading: Reading
  mapping: ColumnMapping | null
  /** Whether the words for label numbers are the user's own, not the file's. */
  ownWords: boolean
  /** Codes of findings that the user has agreed to. */
  accepted: string[]
  /** Why one cannot go on from the check; null once a look has found nothing that is open. */
  open: string | null
  name: string
  kind: DatasetKind
  groupsFile: string
  querySetsFile: string
  /** Query sets to draw from the rows of a target and leave out of its test. */
  drawn: boolean
  drawnSize: number | null
  drawnSets: number | null
  drawnSeed: number | null
  skipLimit: number
}

const words = texts.data.wizard
const { missing } = texts.wizards
const { source, entry, hub } = originSteps<DataValues>(words.steps)
const isLookedAt = ({ source }: DataValues): boolean => source === 'file' || source === 'paste' || source === 'hub'

/** Numbers of the step on what the data are for, as the contract's request has them. */
const choicesSchema = z.object({
  skipLimit: jobSchemas['import-dataset'].input.shape.skipLimit,
  drawn: sampleQueriesSchema.nullable()
})
const choiceLabels = {
  'drawn.size': words.drawnSize,
  'drawn.rounds': words.drawnSets,
  'drawn.seed': words.drawnSeed,
  skipLimit: words.skipLimit
}

export const dataSteps: WizardStep<DataValues>[] = [
  source,
  entry,
  {
    id: 'file',
    ...words.steps.file,
    applies: (values) => values.source === 'file',
    missing: (values) => (values.file.trim() ? null : missing.file)
  },
  {
    id: 'paste',
    ...words.steps.paste,
    applies: (values) => values.source === 'paste',
    missing: (values) => (values.pasted.trim() ? null : missing.paste)
  },
  hub,
  {
    id: 'parts',
    ...words.steps.parts,
    applies: (values) => values.source === 'hub',
    missing: (values) =>
      values.seenRepo !== values.repo.trim() ? missing.look : values.configs.length === 0 ? missing.config : null
  },
  { id: 'check', ...words.steps.check, applies: isLookedAt, missing: (values) => values.open },
  {
    id: 'purpose',
    ...words.steps.purpose,
    applies: isLookedAt,
    missing: (values) => {
      if (!values.name.trim()) return missing.name
      const wrong = refusedField(choicesSchema, { skipLimit: values.skipLimit, drawn: drawnFrom(values) }, choiceLabels)
      return wrong === null ? null : missing.number(wrong)
    }
  },
  { id: 'review', ...words.steps.review, missing: () => null }
]

export const emptyDataValues = (): DataValues => ({
  ...noOrigin,
  ...unread,
  file: '',
  pasted: '',
  seenRepo: null,
  configs: [],
  split: '',
  name: '',
  kind: 'upstream',
  groupsFile: '',
  querySetsFile: '',
  drawn: false,
  drawnSize: usualQueries.size,
  drawnSets: usualQueries.rounds,
  drawnSeed: usualQueries.seed
})

/** What is known of a file before anybody looked at it. */
export const unread = {
  format: null,
  reading: {},
  mapping: null,
  ownWords: false,
  accepted: [],
  open: missing.check,
  skipLimit: 0
} satisfies Partial<DataValues>

const tables: readonly ImportFormat[] = ['csv', 'tsv', 'xlsx', 'text', 'parquet', 'json', 'jsonl']

/** Formats whose columns must be named. */
export function isTable(format: ImportFormat | null): boolean {
  return format !== null && tables.includes(format)
}

/** The mapping as a request takes it. Several configurations have label numbers of their own, with words of their own. */
export function mappingFrom({ format, mapping, source, configs, ownWords }: DataValues): ColumnMapping | null {
  if (!isTable(format) || mapping === null) return null
  if (source !== 'hub' || configs.length < 2 || ownWords) return mapping
  const { labels: _, ...rest } = mapping
  return rest
}

/** Query sets to draw, as a request takes them; null where none are wanted, or where they are not wholly said yet. */
export function queriesFrom(values: DataValues): SampleQueries | null {
  return sampleQueriesSchema.nullable().safeParse(drawnFrom(values)).data ?? null
}

/** Query sets to draw, as they were entered. */
function drawnFrom({ kind, drawn, drawnSize, drawnSets, drawnSeed }: DataValues) {
  if (kind !== 'target' || !drawn) return null
  return { size: drawnSize, rounds: drawnSets, seed: drawnSeed }
}
