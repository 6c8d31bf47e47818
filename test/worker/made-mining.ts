import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Example } from '../../src/main/contract/data.ts'
import type { DatasetFile } from '../../src/main/contract/dataset-file.ts'
import { Random } from '../../src/main/random/random.ts'
import type { MiningSettings } from '../../src/main/contract/minings.ts'
import { createModelFolder } from '../../src/main/models/create.ts'
import { trainByteLevelBpe, writeTokenizer } from '../../src/main/models/tokenizers/train-bpe.ts'
import { MiningFolder, type MinedSet } from '../../src/main/worker/reranking/mined-set.ts'
import { labelledPairs } from '../../src/main/worker/reranking/labels.ts'

type Row = Pick<Example, 'id' | 'task' | 'group' | 'input'>

/** Pairs that are made, not mined: `usefulness` says how much a candidate changes the loss of a set's task (negative helps). */
export async function makeMining(
  within: string,
  dataset: DatasetFile,
  settings: MiningSettings,
  {
    sets,
    candidates,
    rows: queries,
    usefulness
  }: { sets: number; candidates: number; rows: number; usefulness: (own: Row, candidate: Row) => number }
): Promise<string> {
  const folder = mkdtempSync(join(within, 'mining-'))
  mkdirSync(join(folder, 'sets'), { recursive: true })
  const random = new Random('made pairs')
  const rows: Row[] = [...dataset.iterate()]
  const tasks = [...new Set(rows.map(({ task }) => task))]
  const to = new MiningFolder(folder)
  const mined: MinedSet[] = []
  for (let set = 0; set < sets; set++) {
    const task = tasks[set % tasks.length]!
    const own = rows.filter((row) => row.task === task)
    const drawn = random.sample(
      rows.filter((row) => row.task !== task),
      candidates
    )
    const made: MinedSet = {
      ...{ set, task, group: own[0]!.group, baseLoss: 1, ownRows: -0.1, best: -0.1, worst: 0.1 },
      ...{ cpuSeconds: 0, trials: 0 },
      queryIds: random.sample(own, queries).map(({ id }) => id),
      candidates: drawn.map((row, rank) => {
        const delta = usefulness(own[0]!, row) + random.normal() / 4
        return { id: row.id, query: 0, rank, task: row.task, group: row.group, draws: [delta, delta], delta }
      })
    }
    await to.saveSet(made)
    mined.push(made)
  }
  const lines = labelledPairs(mined, settings, 0).map((pair) => JSON.stringify(pair))
  writeFileSync(to.pairs, `${lines.join('\n')}\n`)
  await to.saveManifest({
    ...{ format: 1, dataset: { contentHash: dataset.contentHash }, source: 'random', index: null, reranker: null },
    ...{ iteration: 0, settings, learningRate: 1e-3, model: { name: 'Tiny', fingerprint: 'f', prefix: '' } }
  })
  return folder
}

/** A tiny encoder with random weights, other ones for another `seed`, and a vocabulary of the dataset's texts. */
export async function makeEncoder(
  folder: string,
  dataset: DatasetFile,
  vocabulary = 320,
  seed = 'tiny encoder'
): Promise<void> {
  const texts = [...dataset.iterate()].map(({ input: text }) => text)
  const random = new Random(seed)
  await writeTokenizer(folder, trainByteLevelBpe(texts, vocabulary), 64)
  await createModelFolder(
    folder,
    {
      ...{ model_type: 'roberta', vocab_size: vocabulary, hidden_size: 32, num_hidden_layers: 2 },
      ...{ num_attention_heads: 4, intermediate_size: 64, max_position_embeddings: 66, type_vocab_size: 1 },
      ...{ hidden_act: 'gelu', hidden_dropout_prob: 0, attention_probs_dropout_prob: 0, layer_norm_eps: 1e-5 },
      ...{ initializer_range: 0.1, pad_token_id: 1, bos_token_id: 0, eos_token_id: 2 }
    },
    () => random.normal()
  )
}
