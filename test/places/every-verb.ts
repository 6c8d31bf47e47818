import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { PlaceSettings } from '../../src/main/contract/places.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import type { RunCommand } from '../../src/main/hosts/cli/command.ts'
import { followJob } from '../../src/main/hosts/cli/follow.ts'
import { Streams } from '../../src/main/hosts/cli/streams.ts'
import { checkWords, readWords } from '../../src/main/hosts/cli/words.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { fingerprintModel } from '../../src/main/models/fingerprint.ts'
import { installEncoder } from '../features/experiments/tiny-lab.ts'
import { quietProgram } from '../hosts/cli-commands.ts'
import { makeEncoder } from '../worker/made-mining.ts'
import type { TinyWorld } from '../worker/tiny-world.ts'
import type { ToySupervision } from '../worker/toy-supervision.ts'
import { installLargeData } from './large-index.ts'
import { outcomeOf } from './experiment-at-a-place.ts'

type PlaceRequest = Partial<PlaceSettings> & Pick<PlaceSettings, 'name' | 'kind'>

const values = (option: string, given: Record<string, number | string>): string[] =>
  Object.entries(given).flatMap(([key, value]) => [option, `${key}=${value}`])

const mining = [
  ...['--data', 'toy', '--model', 'toy-base', '--source', 'semantic', '--sets', '4'],
  ...values('--set', { rows: 8, candidates: 32, keep: 16, groupSize: 3, draws: 2, labelledRows: 16, positives: 4 }),
  ...values('--set', { learningRate: 3e-3, maxInputTokens: 48, maxOutputTokens: 8 })
]
const training = [
  ...['--base', 'toy-encoder', '--override'],
  ...values('--train-set', { epochs: 1, batchSize: 16, maxTokens: 48, everySteps: 6, pairsPerSet: 12 })
]
const experiment = [
  ...['--name', 'Runs', '--preset', 'quick', '--data', 'upstream', '--targets', 'naming', 'colouring'],
  ...['--model', 'tiny', '--encoder', 'encoder', '--strategies', 'random', 'semantic', '--rounds', '1', '--set'],
  ...['queries=2', 'retrieval.budget=12', 'tune.learningRate=1e-3', 'tune.maxInputTokens=32', 'tune.maxOutputTokens=8'],
  ...['evaluation.beams=1', 'evaluation.maxInputTokens=32', 'evaluation.maxOutputTokens=6']
]

interface Verb {
  verb: string
  words: readonly string[]
  /** Which of its options name places. */
  options?: readonly string[]
}

/** Every command that computes at a place, side by side where none needs what another makes. */
const verbs: readonly (readonly Verb[])[] = [
  [
    {
      verb: 'index build',
      words: ['--data', 'large', '--model', 'tiny', '--representation', 'dense', '--max-tokens', '16', '--shards', '2']
    },
    { verb: 'index build', words: ['--data', 'toy', '--model', 'toy-encoder', '--representation', 'semantic'] },
    { verb: 'experiment run', words: experiment, options: ['--place', '--index-place'] }
  ],
  [
    { verb: 'reranker mine', words: ['--name', 'Pairs', ...mining, '--seed', '5'] },
    { verb: 'reranker bootstrap', words: ['--name', 'Round', '--iterations', '2', ...mining, ...training] }
  ],
  [
    { verb: 'reranker train', words: ['Pairs', '--name', 'Judge', ...training] },
    { verb: 'retriever train', words: ['Pairs', '--name', 'Near', '--override', '--set', 'epochs=2'] }
  ]
]

/** Commands that take places and say what would be computed. */
export const onlyTelling = ['experiment plan', 'index estimate'] as const

export const computing = [...new Set(verbs.flat().map(({ verb }) => verb))]

/** What the commands find in a lab. */
export async function installAll(lab: Lab, world: TinyWorld, toy: ToySupervision): Promise<Lab> {
  await installLargeData(lab, world, 1100)
  await installEncoder(lab, world)
  await installToy(lab, toy)
  return lab
}

/** What all these commands have made, by name and hash, of a lab of its own, at a place or (null) here; and the kinds of jobs that went there. */
export async function everyVerb(
  lab: Lab,
  place: PlaceRequest | null
): Promise<{ made: Record<string, string>; placed: string[] }> {
  const placeId = place === null ? null : (await lab.client.places.add(place)).id
  if (placeId !== null) {
    const check = await lab.client.places.check({ id: placeId })
    if (!check.works) throw new Error(JSON.stringify(check.steps))
  }
  for (const together of verbs)
    await Promise.all(
      together.map(({ verb, words, options = ['--place'] }) => {
        const where = place === null ? [] : options.flatMap((option) => [option, place.name])
        return command(lab, [...verb.split(' '), ...words, ...where])
      })
    )
  const { jobs } = await lab.client.jobs.list({ limit: 1000 })
  const placed = jobs.filter((job) => job.place != null).map(({ kind }) => kind)
  return { made: madeIn(lab), placed: [...new Set(placed)].sort() }
}

/** Runs the words of a command line in this lab; throws what it would print as an error. */
async function command(lab: Lab, words: readonly string[]): Promise<void> {
  const { client } = lab
  const signal = new AbortController().signal
  const run: RunCommand =
    (work) =>
    async (...rest) => {
      const streams = new Streams()
      await checkWords(rest)
      const read = await readWords(rest, client, streams)
      const quiet = { print: () => undefined, note: () => undefined }
      await work({ client, signal, streams, ...quiet, follow: (job) => followJob(client, job, signal, true) }, ...read)
    }
  await quietProgram(() => run).parseAsync(words, { from: 'user' })
}

/** What indices, minings, models and runs there are, each by its name and the hash of what is in it. */
function madeIn(lab: Lab): Record<string, string> {
  const { store } = lab.services
  const hash = (content: Buffer | string) => createHash('sha256').update(content).digest('hex')
  const hashOf = (...files: string[]) =>
    files
      .filter((path) => existsSync(path))
      .map((path) => hash(readFileSync(path)))
      .join(' ')
  const indices = store.indices
    .list()
    .map(({ fingerprint }) => [`index ${fingerprint}`, hashOf(join(lab.home.index(fingerprint), 'vectors.f32'))])
  const minings = store.minings
    .list()
    .map(({ id, name }) => [`mining ${name}`, hashOf(join(lab.home.mining(id), 'pairs.jsonl'))])
  const models = store.models.list().map(({ id, name }) => {
    const files = ['model.safetensors', 'head.safetensors'].map((file) => join(lab.home.model(id), file))
    return [`model ${name}`, hashOf(...files)]
  })
  const runs = store.experiments.list().map(({ id, spec: { name } }) => {
    const { answers, scores } = outcomeOf(lab, id)
    return [`runs of ${name}`, hash(JSON.stringify([answers, scores]))]
  })
  return Object.fromEntries([...indices, ...minings, ...models, ...runs]) as Record<string, string>
}

/** The toy's data, base model and an encoder, under names of their own. */
async function installToy(lab: Lab, toy: ToySupervision): Promise<void> {
  const { store } = lab.services
  const dataset = openDataset(toy.dataset)
  const encoder = join(toy.folder, 'encoder')
  if (!existsSync(encoder)) await makeEncoder(encoder, dataset)
  cpSync(dirname(toy.dataset), lab.home.dataset('toy'), { recursive: true })
  store.datasets.insert({
    ...{ id: 'toy', name: 'Toy', kind: 'upstream', contentHash: dataset.contentHash, examples: dataset.count },
    ...{ tasks: 6, groups: 2, duplicates: 0, rejected: 0, bytes: 1000, source: 'test', licence: 'MIT' },
    createdAt: '2026-11-27T06:00:00.000Z'
  })
  dataset.close()
  for (const [id, folder, like] of [
    ['toy-base', toy.model, 'tiny'],
    ['toy-encoder', encoder, 'encoder']
  ] as const) {
    cpSync(folder, lab.home.model(id), { recursive: true })
    store.models.insert({ ...store.models.get(like), id, name: id, fingerprint: await fingerprintModel(folder) })
  }
}
