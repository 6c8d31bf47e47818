import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatasetFile } from '../contract/dataset-file.ts'
import type { QuestionInput } from '../contract/questions.ts'
import { openDataset } from '../data/dataset.ts'
import type { Engine } from '../engine/engine.ts'
import { loadEngine } from '../engine/load.ts'
import { encoderOf, type Encoder, type EncoderSettings } from '../retrieval/encoder.ts'
import { manifestName, type Manifest } from '../retrieval/manifest.ts'
import { openIndex, type OpenIndex } from '../retrieval/open-index.ts'

/**
 * What questions about an index need, kept open from one question to the next in this worker process: a typed query must not
 * wait for a model to load. The two used last stay; things that have changed on disk are opened anew.
 */
type IndexRef = QuestionInput<'neighbours'>['indices'][number]
type Provider = QuestionInput<'neighbours'>['provider']
type Log = (text: string, level?: 'info' | 'warn') => void

const kept = 2

class Warm<T extends { close(): void | Promise<void> }> {
  readonly #open = new Map<string, T>()

  async get(key: string, open: () => Promise<T>): Promise<T> {
    const known = this.#open.get(key)
    const value = known ?? (await open())
    this.#open.delete(key)
    this.#open.set(key, value)
    const [oldest] = this.#open
    if (this.#open.size > kept && oldest !== undefined) {
      this.#open.delete(oldest[0])
      await oldest[1].close()
    }
    return value
  }
}

const datasets = new Warm<DatasetFile>()
const indices = new Warm<OpenIndex>()
const engines = new Warm<Engine>()

export function warmDataset(path: string): Promise<DatasetFile> {
  return datasets.get(`${path} ${stampOf(path)}`, async () => openDataset(path))
}

export function warmIndex(
  folder: string,
  options: { threads: number | undefined; signal: AbortSignal; log: Log }
): Promise<OpenIndex> {
  const { threads, ...rest } = options
  const key = `${folder} ${stampOf(join(folder, manifestName))} ${threads ?? 'all'}`
  return indices.get(key, () => openIndex(folder, { ...rest, ...(threads === undefined ? {} : { threads }) }))
}

/** The encoder of an index, by the model folder that the question names. */
export async function warmEncoder(
  index: Pick<IndexRef, 'encoder'>,
  wanted: EncoderSettings & Pick<Manifest['encoder'], 'precision'>,
  provider: Provider,
  threads: number | undefined
): Promise<Encoder> {
  const { folder } = index.encoder
  const { precision } = wanted
  const key = [folder, stampOf(join(folder, 'config.json')), precision, provider, threads ?? 'all'].join(' ')
  const open = () => loadEngine({ folder, provider, precision, ...(threads === undefined ? {} : { threads }) })
  return encoderOf(await engines.get(key, open), wanted)
}

interface ModelToLoad {
  folder: string
  patch?: string | undefined
  provider?: Provider | undefined
  threads?: number | undefined
}

/** A model by its folder, with what was tuned where that is asked for, as it was loaded for the last question. */
export async function warmModel({ folder, patch, provider, threads }: ModelToLoad): Promise<Engine> {
  const tuned = patch === undefined ? '' : `${patch} ${stampOf(patch)}`
  const key = [folder, stampOf(join(folder, 'config.json')), tuned, provider, threads ?? 'all'].join(' ')
  return engines.get(key, () =>
    loadEngine({
      folder,
      ...(patch === undefined ? {} : { patch }),
      ...(provider === undefined ? {} : { provider }),
      ...(threads === undefined ? {} : { threads })
    })
  )
}

/** Changes when the file does; whether it is there at all is for whoever opens it to say. */
function stampOf(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false })
  return status === undefined ? 'none' : `${status.mtimeMs}-${status.size}-${status.ino}`
}
