import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { DatasetFile } from '../../contract/dataset-file.ts'
import { LabError } from '../../contract/error.ts'
import { minedPairSchema } from '../../contract/minings.ts'
import { MiningFolder, type MiningManifest } from './mined-set.ts'
import { jsonOrNull } from '../../files/json-or-null.ts'

/** A query set to train or judge a reranker with. */
export interface RankedSet {
  /** Unique among all minings that are trained on. */
  key: string
  task: string
  group: string
  queries: readonly string[]
  /** Their rows in the dataset. */
  queryIds: readonly number[]
  /** Labelled candidates: the most and the least useful. */
  labelled: readonly { id: number; text: string; label: 0 | 1; task: string }[]
  /** All judged candidates with their usefulness; more is better. */
  judged: readonly { id: number; text: string; gain: number }[]
}

/**
 * The query sets of a mining that gave pairs, with their texts.
 * @throws LabError `pairs-missing`, `pairs-damaged`, `pairs-of-other-data`
 */
export async function readRankedSets(
  folder: string,
  dataset: DatasetFile
): Promise<{ manifest: MiningManifest; sets: RankedSet[] }> {
  const mining = new MiningFolder(folder)
  const manifest = await mining.manifest()
  if (manifest === null || !existsSync(mining.pairs)) {
    throw new LabError('pairs-missing', `There is no finished mining in ${folder}. Mine pairs first.`, {
      details: { folder }
    })
  }
  if (manifest.dataset.contentHash !== dataset.contentHash) {
    throw new LabError(
      'pairs-of-other-data',
      `The pairs in ${mining.pairs} were mined on other data than ${dataset.path}: their row numbers mean other rows there. ` +
        'Choose the data that they were mined on, or mine again.',
      { details: { pairs: manifest.dataset.contentHash, dataset: dataset.contentHash } }
    )
  }
  const bySet = new Map<number, { candidateId: number; label: 0 | 1; queryIds: readonly number[] }[]>()
  let line = 0
  for await (const text of createInterface({ input: createReadStream(mining.pairs) })) {
    line++
    if (text === '') continue
    const pair = minedPairSchema.safeParse(jsonOrNull(text))
    const inside = (id: number): boolean => id >= 1 && id <= dataset.count
    if (!pair.success || !inside(pair.data.candidateId) || !pair.data.queryIds.every(inside)) {
      throw new LabError(
        'pairs-damaged',
        `${mining.pairs}, line ${line}: expected a mined pair with set, task, queryIds, candidateId, delta, label and iteration, of rows 1 to ${dataset.count}. ` +
          'Resume the mining, which writes the file again.',
        { details: { path: mining.pairs, line } }
      )
    }
    const { set, ...rest } = pair.data
    bySet.set(set, [...(bySet.get(set) ?? []), rest])
  }
  const textOf = (id: number): string => dataset.get(id).input
  const sets: RankedSet[] = []
  for (const [set, pairs] of bySet) {
    const mined = await mining.readLabelled(set)
    const taskOf = new Map(mined.candidates.map(({ id, task }) => [id, task]))
    sets.push({
      key: `${folder} ${set}`,
      task: mined.task,
      group: mined.group,
      queries: pairs[0]!.queryIds.map(textOf),
      queryIds: pairs[0]!.queryIds,
      labelled: pairs.map(({ candidateId, label }) => ({
        ...{ id: candidateId, text: textOf(candidateId), label },
        task: taskOf.get(candidateId) ?? dataset.get(candidateId).task
      })),
      judged: mined.candidates.map(({ id, delta }) => ({ id, text: textOf(id), gain: Math.max(0, -delta) }))
    })
  }
  return { manifest, sets }
}
