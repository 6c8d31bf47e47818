/**
 * A folder like the demo's, made of real rows: RECROSS_BENCH_ROWS names a file in the original's format, a JSON array of
 * `[input, [outputs…], "task|split|template|#n"]`, plain or gzip. The task with the shortest name is held out as target. Models are made
 * by their shape: how long everything takes does not depend on what they know.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { bundledFolder } from '../src/main/hosts/project.ts'
import { createModelFolder } from '../src/main/models/create.ts'
import { trainByteLevelBpe, writeTokenizer } from '../src/main/models/tokenizers/train-bpe.ts'
import { Random } from '../src/main/random/random.ts'

type LineRow = [input: string, outputs: string[], id: string]

const testRows = 200
const queries = 16
const longestInput = 256
/** 7.7 million weights. */
const shape = { width: 256, layers: 3, heads: 4, vocabulary: 8000 }

/** What differs from the demo's settings: the original's batches and number of examples. */
export const realSettings = {
  name: 'Real rows',
  strategies: ['zero-shot', 'random', 'semantic', 'dense'] as const,
  queries,
  retrieval: { budget: 512 },
  tune: { batchSize: 4, epochs: 1, learningRate: 1e-4, maxInputTokens: longestInput, maxOutputTokens: 48 },
  evaluation: { maxInputTokens: longestInput, maxOutputTokens: 24 }
}

/** The file's path, or null. */
export const realRows = process.env['RECROSS_BENCH_ROWS'] || null

/** Writes it to `<folder>/demo`. RECROSS_BENCH_ROW_LIMIT takes only so many of the rows. */
export async function makeRealDemo(folder: string, file: string): Promise<{ upstream: number; held: string }> {
  const out = join(folder, 'demo')
  const random = new Random('real rows')
  const all = await readRows(file)
  const limit = Number(process.env['RECROSS_BENCH_ROW_LIMIT'] ?? all.length)
  const rows = limit < all.length ? random.sample(all, limit) : all
  const byTask = Map.groupBy(rows, ([, , id]) => id.split('|')[0]!)
  const needed = testRows + 5 * queries
  const held = [...byTask.keys()]
    .filter((task) => byTask.get(task)!.length > needed)
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0]
  if (held === undefined) throw new Error(`No task of ${file} has more than ${needed} rows.`)
  const own = random.sample(byTask.get(held)!, needed)
  const upstream = rows.filter(([, , id]) => id.split('|')[0] !== held)
  const tasks = [...byTask.keys()].filter((task) => task !== held)
  await mkdir(out, { recursive: true })
  await writeGzip(join(out, 'upstream.json.gz'), upstream)
  await writeGzip(join(out, 'test.json.gz'), own.slice(0, testRows))
  const sets = [0, 1, 2, 3, 4].map((round) => {
    const from = testRows + round * queries
    return [`round#${round}`, own.slice(from, from + queries)] as const
  })
  await writeGzip(join(out, 'queries.json.gz'), { [String(queries)]: Object.fromEntries(sets) })
  await writeFile(join(out, 'groups.json'), JSON.stringify({ all: tasks }))
  const target = { name: held, metrics: ['soft-em'], test: 'test.json.gz', queries: 'queries.json.gz' }
  const manifest = {
    ...{ name: 'Real upstream rows', licence: 'unknown', upstream: 'upstream.json.gz', groups: 'groups.json' },
    targets: [target],
    model: { name: 'BART of 7.7 million weights', folder: 'model', prefix: '' },
    encoder: { name: 'Demo sentence encoder', folder: 'encoder' }
  }
  await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest))
  await cp(join(bundledFolder(), 'demo', 'encoder'), join(out, 'encoder'), { recursive: true })
  await makeModel(
    join(out, 'model'),
    random.sample(upstream, Math.min(3000, upstream.length)).map(([input]) => input)
  )
  return { upstream: upstream.length, held }
}

async function readRows(file: string): Promise<LineRow[]> {
  const bytes = await readFile(file)
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
  return JSON.parse(text) as LineRow[]
}

async function makeModel(folder: string, texts: readonly string[]): Promise<void> {
  const random = new Random('real base')
  const { width, layers, heads, vocabulary } = shape
  await writeTokenizer(folder, trainByteLevelBpe(texts, vocabulary), longestInput)
  await createModelFolder(
    folder,
    {
      ...{ model_type: 'bart', vocab_size: vocabulary, d_model: width, max_position_embeddings: longestInput },
      ...{ encoder_layers: layers, decoder_layers: layers, encoder_ffn_dim: 4 * width, decoder_ffn_dim: 4 * width },
      ...{ encoder_attention_heads: heads, decoder_attention_heads: heads, activation_function: 'gelu' },
      ...{ dropout: 0, attention_dropout: 0, activation_dropout: 0, init_std: 0.02 },
      ...{ pad_token_id: 1, bos_token_id: 0, eos_token_id: 2, decoder_start_token_id: 2, is_encoder_decoder: true }
    },
    () => random.normal()
  )
}

/** Arrays with a row a line, as the original's files are. */
async function writeGzip(path: string, value: unknown): Promise<void> {
  const text = Array.isArray(value)
    ? `[\n${value.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`
    : JSON.stringify(value)
  await writeFile(path, gzipSync(text))
}
