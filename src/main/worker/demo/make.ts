import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { demoSize, makeSuite, makeTrainingRows, type DemoSuite } from '../../data/demo/suite.ts'
import { upstreamTasks } from '../../data/demo/upstream/index.ts'
import { newer } from '../../data/demo/upstream/newer.ts'
import type { TrainStep } from '../../engine/engine.ts'
import { moveIntoPlace } from '../../files/durable.ts'
import { removeInside } from '../../files/remove.ts'
import { openCheckpoint } from '../../models/weights/checkpoint.ts'
import { writeSafetensors } from '../../models/weights/write-safetensors.ts'
import { trainBaseModel } from './base-model.ts'
import { trainReranker } from './reranker.ts'
import { trainSentenceEncoder } from './sentence-encoder.ts'

/**
 * `npm run make-demo [-- --out folder] [--data-only] [--reranker-only] [--targets name]`: makes the demo from its seed: the
 * suite's data, then base model and sentence encoder, trained from nothing, and the reranker: mined, looked at by the gate and
 * trained by the lab's own jobs. Interrupted, it goes on from the last checkpoint when it is started again. With another name for
 * the targets their tests and query sets hold other items of the same tasks: the demo's settings and prompts were chosen on those
 * of "development". With `--reranker-only` the two other models are those that are there.
 */
const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'data/demo' },
    'data-only': { type: 'boolean', default: false },
    'reranker-only': { type: 'boolean', default: false },
    targets: { type: 'string', default: demoSize.targets }
  }
})
/** Fresh items per upstream task that the base model learns from. */
const trainingItems = 2000
const out = resolve(options.out)
const suite = makeSuite({ ...demoSize, targets: options.targets })
await writeData(suite)
if (!options['data-only'] && !options['reranker-only']) {
  await makeModel('base model', 'model', (folder) => trainBaseModel(folder, { rows: makeTrainingRows(trainingItems) }))
  await makeModel('sentence encoder', 'encoder', (folder) => trainSentenceEncoder(folder, suite.upstream))
}
if (!options['data-only']) await makeReranker()

async function writeData({ upstream, groups, targets }: DemoSuite): Promise<void> {
  await mkdir(out, { recursive: true })
  await writeGzip('upstream.json.gz', upstream)
  await writeJson('groups.json', groups)
  for (const { name, test, querySets } of targets) {
    await mkdir(join(out, 'targets', name), { recursive: true })
    await writeGzip(`targets/${name}/test.json.gz`, test)
    await writeGzip(`targets/${name}/queries.json.gz`, querySets)
  }
  await writeJson('manifest.json', {
    name: 'Demo upstream data',
    licence: 'MIT',
    seed: demoSize.seed,
    upstream: 'upstream.json.gz',
    groups: 'groups.json',
    targets: targets.map(({ name, metrics, skill }) => ({
      name,
      metrics,
      skill,
      test: `targets/${name}/test.json.gz`,
      queries: `targets/${name}/queries.json.gz`
    })),
    model: { name: 'Demo base model', folder: 'model', prefix: '' },
    encoder: { name: 'Demo sentence encoder', folder: 'encoder' },
    reranker: { name: 'Demo reranker', folder: 'reranker' }
  })
  console.log(`${upstream.length} upstream examples, ${targets.length} targets in ${out}`)
}

/** Trains into a working folder beside the place where the model goes at the end. */
async function makeModel(
  title: string,
  name: string,
  train: (folder: string) => AsyncGenerator<TrainStep>
): Promise<void> {
  const work = join(out, `${name}.part`)
  await sayProgress(title, train(work))
  await removeInside(work, join(work, 'start'))
  await ship(work, name)
}

/**
 * The reranker is trained from upstream tasks only: the demo's, and others of their kind that the base model has not seen. Neither
 * those nor what was mined is shipped.
 */
async function makeReranker(): Promise<void> {
  const work = join(out, 'reranker.part')
  await mkdir(work, { recursive: true })
  const { upstream, groups } = makeSuite(demoSize, [...upstreamTasks, ...newer])
  await writeGzip('reranker.part/upstream.json.gz', upstream)
  await writeJson('reranker.part/groups.json', groups)
  const folders = { work, upstream: join(work, 'upstream.json.gz'), groups: join(work, 'groups.json') }
  const models = { model: join(out, 'model'), encoder: join(out, 'encoder') }
  const { quality, tasks } = await trainReranker({ ...folders, ...models }, 'Demo data for the reranker')
  console.log(
    `reranker: AUC ${quality.auc.toFixed(3)} on ${tasks.validation.length} unseen tasks, with other queries ` +
      (quality.otherQueriesAuc?.toFixed(3) ?? 'unknown')
  )
  await ship(join(work, 'reranker'), 'reranker')
  await removeInside(out, work)
}

async function sayProgress(title: string, steps: AsyncIterable<TrainStep>): Promise<void> {
  const started = Date.now()
  let first = 0
  for await (const { step, totalSteps, loss } of steps) {
    first ||= step
    if (step % 100 !== 0 && step !== totalSteps) continue
    const seconds = (Date.now() - started) / 1000
    const left = (seconds / (step - first + 1)) * (totalSteps - step)
    console.log(`${title}: step ${step} of ${totalSteps}, loss ${loss.toFixed(3)}, ${Math.round(left)} s left`)
  }
}

/** Puts a finished model where the demo's are, in place of the one that is there. */
async function ship(folder: string, name: string): Promise<void> {
  await halve(folder)
  await removeInside(out, join(out, name))
  await moveIntoPlace(folder, join(out, name))
}

/** Stores the weights in half precision: half the size to ship. */
async function halve(folder: string): Promise<void> {
  const checkpoint = await openCheckpoint(folder)
  const tensors = await Promise.all(
    checkpoint.names().map(async (tensor) => ({
      name: tensor,
      dtype: 'F16' as const,
      shape: checkpoint.info(tensor).shape,
      data: await checkpoint.read(tensor)
    }))
  )
  await checkpoint.close()
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, { format: 'pt' })
}

async function writeJson(name: string, value: unknown): Promise<void> {
  await writeFile(join(out, name), JSON.stringify(value, null, 2) + '\n')
}

/** One row a line, so that people can read it; compressed the same way every time. */
async function writeGzip(name: string, value: unknown): Promise<void> {
  const text = Array.isArray(value)
    ? `[\n${value.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`
    : JSON.stringify(value, null, 1) + '\n'
  await writeFile(join(out, name), gzipSync(text, { level: 9 }))
}
