import { basename } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../contract/error.ts'
import { fileBytes, readText } from '../../data/import/data-file.ts'
import { jsonRecord, type Piece } from '../../data/import/raw-record.ts'
import { JsonSplitter } from '../../data/import/split-json.ts'

/**
 * The files of the original's reranker: `ds_from_*.json`, `better_tuple.json`, `{all,dev,train}_tuples.json`. Each tuple has rows of one
 * task that ask, and rows that help and do not help it; every row is `[input, [outputs…], id]`, helping ones the best first.
 */
const rowSchema = z
  .tuple([z.string().min(1), z.union([z.string(), z.array(z.string()).min(1)])])
  .rest(z.unknown())
  .transform(([input, outputs, id]) => ({
    input,
    output: typeof outputs === 'string' ? outputs : outputs[0]!,
    sourceId: typeof id === 'string' ? id : null
  }))
export type TupleRow = z.infer<typeof rowSchema>

const rowsSchema = z.array(rowSchema).min(1)
const tupleSchema = z.object({
  query_examples: rowsSchema,
  positive_examples: rowsSchema,
  negative_examples: rowsSchema
})

export interface Tuple {
  /** Where it stands, for messages. */
  place: string
  queries: readonly TupleRow[]
  positives: readonly TupleRow[]
  negatives: readonly TupleRow[]
}

/**
 * The tuples of files, one after the other, in bounded memory: JSON arrays, or one object a line.
 * @throws LabError `bad-tuples`, `tuples-without-labels` and those of `readText`
 */
export async function* readTuples(paths: readonly string[]): AsyncGenerator<Tuple> {
  for (const path of paths) {
    const name = basename(path)
    fileBytes(path)
    let splitter: JsonSplitter | null = null
    for await (const chunk of readText({ path, name })) {
      if (splitter === null && chunk.toString('latin1').trim() === '') continue
      splitter ??= new JsonSplitter(name, /^\s*\[/.test(chunk.toString('latin1')) ? 'elements' : 'values')
      for (const piece of splitter.push(chunk)) yield tupleOf(piece, name)
    }
    if (splitter === null) throw badTuple(name, 1, 'the file is empty')
    for (const piece of splitter.end()) yield tupleOf(piece, name)
  }
}

function tupleOf(piece: Piece, file: string): Tuple {
  const { value, problem, line } = jsonRecord(piece)
  if (problem !== null) throw badTuple(file, line, `${problem.field}: ${problem.expected}`)
  const parsed = tupleSchema.safeParse(value)
  if (parsed.success) {
    const { query_examples: queries, positive_examples: positives, negative_examples: negatives } = parsed.data
    return { place: `${file}, line ${line}`, queries, positives, negatives }
  }
  if (typeof value === 'object' && value !== null && 'retrieved_candidates' in value)
    throw new LabError(
      'tuples-without-labels',
      `${file} has candidates of query sets, but does not say which of them help (query_retrieved_*.json). Bring in better_tuple.json or train_tuples.json, or mine pairs with a base model of your own.`,
      { details: { file } }
    )
  const [issue] = parsed.error.issues
  throw badTuple(file, line, `${issue!.path.join('.') || 'the tuple'}: ${issue!.message}`)
}

function badTuple(file: string, line: number, found: string): LabError {
  return new LabError(
    'bad-tuples',
    `${file}, line ${line}: expected a tuple with query_examples, positive_examples and negative_examples, each a list of [input, [outputs…], id] rows; ${found}.`,
    { details: { file, line } }
  )
}
