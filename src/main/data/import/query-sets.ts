import { z } from 'zod'
import type { QueryExample } from '../../contract/data.ts'
import type { ColumnMapping } from '../../contract/import.ts'
import { LabError } from '../../contract/error.ts'
import { headOf, packingOf, readText, type DataFile } from './data-file.ts'
import { detectFormat, holdsQuerySets } from './detect.ts'
import { formats } from './formats.ts'
import { guessMapping } from './guess-mapping.ts'
import { parseJson } from './json-text.ts'
import { sampleOf } from './sample.ts'

export interface ImportedQuerySet {
  size: number
  round: number
  queries: QueryExample[]
}

const rowSchema = z.tuple([z.string(), z.union([z.string(), z.array(z.string())])]).rest(z.unknown())
const fileSchema = z.record(z.string(), z.record(z.string(), z.array(rowSchema)))
/** Query sets are a few thousand rows; a file beyond this is something else. */
const largest = 256 << 20
const mostQueries = 100_000

/**
 * Reads query sets: as the original has them, plain or packed (`{"16": {"round#0": [[input, [outputs…], id], …], …}, …}`),
 * or from any file of questions: a text with a question a line, a table or Excel sheet with a column of them, JSON lines.
 * Such a file is one set of all its questions. Throws query-sets-file.
 */
export async function readQuerySets(path: string): Promise<ImportedQuerySet[]> {
  const file = { path, name: path.split(/[/\\]/).at(-1)! }
  const packing = packingOf(path)
  if (['zip', 'parquet'].includes(packing) || !(await holdsQuerySets(file))) {
    const head = packing === 'zip' ? '{' : (await headOf(file, 64)).toString('utf8').trimStart()
    if (packing === 'zip' || packing === 'parquet' || !/^\{\s*"\d+"/.test(head)) return [await readQuestions(file)]
  }
  return readOriginal(path)
}

/** All questions of a file as one set. */
async function readQuestions(file: DataFile): Promise<ImportedQuerySet> {
  const format = await detectFormat(file)
  const row = formats[format]
  const fixed = row.mapping
  const sample = fixed === 'asked' ? await sampleOf(file, format, {}) : null
  const mapping = sample ? (guessMapping(sample).mapping ?? questionsOnly(sample.columns)) : fixed
  if (mapping === null)
    throw notQuerySets(
      file.name,
      `none of its columns (${sample?.columns.slice(0, 20).join(', ')}) is known to hold the questions. Call it "question"`
    )
  const queries: QueryExample[] = []
  for await (const records of row.read(file, { bytes: 0 }, mapping as ColumnMapping | null, {}))
    for (const { value, problem, blank, line } of records) {
      if (blank) continue
      const understand = (columns: ColumnMapping | null) => row.understand(value, { taskName: '', mapping: columns })
      const whole = problem ? { example: null, problem } : understand(mapping as ColumnMapping | null)
      // A question is one also where its answer is left empty.
      const understood =
        whole.example || problem || !hasAnswers(mapping) ? whole : understand({ ...mapping, output: null })
      if (!understood.example)
        throw notQuerySets(
          file.name,
          `line ${line}, ${understood.problem.field}: expected ${understood.problem.expected}`
        )
      const { input, outputs, sourceId } = understood.example
      queries.push({ input, outputs: [...outputs], sourceId: sourceId ?? '' })
      if (queries.length > mostQueries)
        throw notQuerySets(file.name, `it has more than ${mostQueries.toLocaleString('en')} questions`)
    }
  if (queries.length === 0) throw notQuerySets(file.name, 'it holds no questions')
  return { size: queries.length, round: 0, queries }
}

/** Columns that were told from the file, with one for answers. */
function hasAnswers(mapping: unknown): mapping is ColumnMapping {
  return typeof mapping === 'object' && mapping !== null && (mapping as ColumnMapping).output !== null
}

function questionsOnly(columns: readonly string[]): ColumnMapping | null {
  const names = [
    'question',
    'questions',
    'query',
    'queries',
    'input',
    'text',
    'prompt',
    'sentence',
    'frage',
    'pregunta'
  ]
  const found = columns.length === 1 ? columns[0] : columns.find((column) => names.includes(column.toLowerCase()))
  return found === undefined ? null : { input: found, output: null }
}

async function readOriginal(path: string): Promise<ImportedQuerySet[]> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of readText({ path, name: path })) {
    bytes += chunk.length
    if (bytes > largest) throw notQuerySets(path, 'it is larger than 256 MB')
    chunks.push(chunk)
  }
  let value: unknown
  try {
    value = parseJson(Buffer.concat(chunks).toString('utf8'))
  } catch (thrown) {
    throw notQuerySets(path, thrown instanceof Error ? thrown.message : 'it is not JSON', thrown)
  }
  const parsed = fileSchema.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw notQuerySets(
      path,
      `at ${issue?.path.slice(0, 4).join(' → ') || 'the start'}: ${issue?.message}`,
      parsed.error
    )
  }
  const sets: ImportedQuerySet[] = []
  for (const [sizeName, rounds] of Object.entries(parsed.data))
    for (const [roundName, rows] of Object.entries(rounds)) sets.push(querySet(path, sizeName, roundName, rows))
  if (sets.length === 0) throw notQuerySets(path, 'it holds none')
  const twice = sets.find((one, n) => sets.findIndex(({ size, round }) => size === one.size && round === one.round) < n)
  if (twice) throw notQuerySets(path, `round ${twice.round} of size ${twice.size} stands twice in it`)
  return sets.sort((a, b) => a.size - b.size || a.round - b.round)
}

function querySet(
  path: string,
  sizeName: string,
  roundName: string,
  rows: readonly z.infer<typeof rowSchema>[]
): ImportedQuerySet {
  const size = Number(sizeName)
  const round = Number(/^(?:round)?#?(\d+)$/.exec(roundName)?.[1] ?? NaN)
  if (!Number.isInteger(size) || size < 1) throw notQuerySets(path, `"${sizeName}" is not a number of queries`)
  if (!Number.isInteger(round)) throw notQuerySets(path, `"${roundName}" is not a round such as "round#0"`)
  if (rows.length === 0) throw notQuerySets(path, `${roundName} of size ${size} has no queries`)
  if (rows.length !== size) throw notQuerySets(path, `${roundName} of size ${size} has ${rows.length} queries`)
  const blank = rows.findIndex(([input]) => input.trim() === '')
  if (blank >= 0) throw notQuerySets(path, `query ${blank + 1} of ${roundName} of size ${size} is empty`)
  const queries = rows.map(([input, outputs, id]) => ({
    input: input.toWellFormed(),
    outputs: typeof outputs === 'string' ? [outputs] : outputs,
    sourceId: typeof id === 'string' || typeof id === 'number' ? String(id) : ''
  }))
  return { size, round, queries }
}

function notQuerySets(path: string, reason: string, cause?: unknown): LabError {
  return new LabError(
    'query-sets-file',
    `${path} is not a file of query sets: ${reason}. ` +
      `Expected a question a line, a table with a column "question", or {"16": {"round#0": [[input, [outputs], id], …], …}, …}.`,
    { cause, details: { path } }
  )
}
