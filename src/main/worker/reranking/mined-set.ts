import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../contract/error.ts'
import { miningReportSchema, minedSettingsSchema, type MiningReport } from '../../contract/minings.ts'
import { writeWhole } from '../../files/durable.ts'

/** The files of a mining: `mining.json` says what is mined, `sets/<number>.json` hold its query sets, `pairs.jsonl` the pairs, `report.json` what they are fit for. */

const minedSetSchema = z.object({
  set: z.int(),
  task: z.string(),
  group: z.string(),
  queryIds: z.array(z.int()),
  /** Mean loss of the labelled rows before anything is tuned. */
  baseLoss: z.number(),
  /** Its change by tuning on other rows of the same task. */
  ownRows: z.number(),
  /** Its change, on labelled rows kept apart, by tuning on the candidates that the other rows call best, and worst. */
  best: z.number(),
  worst: z.number(),
  candidates: z.array(
    z.object({
      id: z.int(),
      /** Place of the query row that brought it, and its rank there. */
      query: z.int().nullable(),
      rank: z.int(),
      task: z.string(),
      group: z.string(),
      /** Usefulness in every draw; negative helps. */
      draws: z.array(z.number()),
      /** Their mean. */
      delta: z.number()
    })
  ),
  cpuSeconds: z.number(),
  trials: z.int()
})
export type MinedSet = z.infer<typeof minedSetSchema>

/** What of a query set says which candidates help: all there is of one that was brought in from tuples. */
const labelledSetSchema = minedSetSchema.pick({ set: true, task: true, group: true, queryIds: true }).extend({
  candidates: z.array(minedSetSchema.shape.candidates.element.omit({ draws: true }))
})
export type LabelledSet = z.infer<typeof labelledSetSchema>

/** What decides the numbers of a mining; files of another one are not gone on with. */
const miningManifestSchema = z.object({
  format: z.literal(1),
  dataset: z.object({ contentHash: z.string() }),
  model: z.object({ name: z.string(), fingerprint: z.string(), prefix: z.string() }),
  source: z.string(),
  index: z.string().nullable(),
  reranker: z.string().nullable(),
  iteration: z.int(),
  settings: minedSettingsSchema,
  learningRate: z.number()
})
export type MiningManifest = z.infer<typeof miningManifestSchema>

export class MiningFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  get pairs(): string {
    return join(this.path, 'pairs.jsonl')
  }

  hasSet(set: number): boolean {
    return existsSync(this.#set(set))
  }

  saveSet(mined: MinedSet): Promise<void> {
    return this.saveLabelled(mined)
  }

  async saveLabelled(set: LabelledSet): Promise<void> {
    await mkdir(join(this.path, 'sets'), { recursive: true })
    await writeWhole(this.#set(set.set), JSON.stringify(set))
  }

  /** Of a set that was mined, or brought in, what it is learnt from. @throws LabError `mining-damaged` */
  async readLabelled(set: number): Promise<LabelledSet> {
    return read(this.#set(set), labelledSetSchema)
  }

  /** @throws LabError `mining-damaged` */
  async readSet(set: number): Promise<MinedSet> {
    return read(this.#set(set), minedSetSchema)
  }

  /** null before the first look at the model. */
  async manifest(): Promise<MiningManifest | null> {
    const path = join(this.path, 'mining.json')
    return existsSync(path) ? read(path, miningManifestSchema) : null
  }

  async saveManifest(manifest: MiningManifest): Promise<void> {
    await writeWhole(join(this.path, 'mining.json'), JSON.stringify(manifest, null, 2))
  }

  /** @throws LabError `mining-damaged` */
  report(): Promise<MiningReport> {
    return read(join(this.path, 'report.json'), miningReportSchema)
  }

  async saveReport(report: MiningReport): Promise<void> {
    await writeWhole(join(this.path, 'report.json'), JSON.stringify(report, null, 2))
  }

  /** The sets that are there, of the first `count`. */
  countSets(count: number): number {
    return Array.from({ length: count }, (_, set) => set).filter((set) => this.hasSet(set)).length
  }

  #set(set: number): string {
    return join(this.path, 'sets', `${String(set).padStart(6, '0')}.json`)
  }
}

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new LabError(
      'mining-damaged',
      `${path} is not what a mining writes. Delete the file and resume the mining: only this set is mined again.`,
      { cause, details: { path } }
    )
  }
}
