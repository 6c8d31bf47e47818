/** A T5 of any size with random weights, in shards of bf16 as large models come. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../src/main/models/config.ts'
import { parametersOf } from '../src/main/models/architectures/index.ts'
import { savedName } from '../src/main/models/locate.ts'
import { parameterSize } from '../src/main/models/parameters.ts'
import { trainByteLevelBpe, writeTokenizer } from '../src/main/models/tokenizers/train-bpe.ts'
import { writeSafetensors } from '../src/main/models/weights/write-safetensors.ts'
import { Random } from '../src/main/random/random.ts'

export interface LargeShape {
  width: number
  feedForward: number
  heads: number
  headWidth: number
  vocabulary: number
  /** Of the encoder, and as many of the decoder. */
  layers: number
}

const shards = 4
/** So many numbers are drawn, and repeated: memory does not depend on what the weights are. */
const drawn = 1 << 20

export async function makeLargeModel(folder: string, shape: LargeShape): Promise<void> {
  const { width, feedForward, heads, headWidth, vocabulary, layers } = shape
  mkdirSync(folder, { recursive: true })
  const fields = {
    ...{ model_type: 't5', architectures: ['T5ForConditionalGeneration'], vocab_size: vocabulary, d_model: width },
    ...{ d_ff: feedForward, d_kv: headWidth, num_heads: heads, num_layers: layers, num_decoder_layers: layers },
    ...{ feed_forward_proj: 'gated-gelu', tie_word_embeddings: false },
    ...{ pad_token_id: 1, eos_token_id: 2, decoder_start_token_id: 2 }
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(fields))
  const texts = ['A premise, a question and what follows from them.', 'yes', 'no', 'maybe, it depends on the reader']
  await writeTokenizer(folder, trainByteLevelBpe(texts, 300), 512)
  const config = await readConfig(folder)
  const random = new Random('large model')
  const numbers = Float32Array.from({ length: drawn }, () => 0.02 * random.normal())
  const parameters = parametersOf(config).map((parameter) => ({ parameter, name: savedName(config, parameter.name) }))
  const size = parameters.reduce((sum, { parameter }) => sum + parameterSize(parameter), 0)
  const files: (typeof parameters)[] = Array.from({ length: shards }, () => [])
  let before = 0
  for (const one of parameters) {
    files[Math.min(shards - 1, Math.floor((shards * before) / size))]!.push(one)
    before += parameterSize(one.parameter)
  }
  const nameOf = (shard: number) => `model-0000${shard + 1}-of-0000${shards}.safetensors`
  for (const [shard, tensors] of files.entries())
    await writeSafetensors(
      join(folder, nameOf(shard)),
      tensors.map(({ parameter, name }) => ({
        ...{ name, dtype: 'BF16' as const, shape: parameter.dims },
        data: () => {
          const { initial } = parameter
          const values = new Float32Array(parameterSize(parameter))
          if (initial.kind === 'constant') return values.fill(initial.value)
          for (let at = 0; at < values.length; at += drawn)
            values.set(numbers.subarray(0, Math.min(drawn, values.length - at)), at)
          return values
        }
      })),
      { format: 'pt' }
    )
  const map = Object.fromEntries(files.flatMap((tensors, shard) => tensors.map(({ name }) => [name, nameOf(shard)])))
  writeFileSync(
    join(folder, 'model.safetensors.index.json'),
    JSON.stringify({ metadata: { total_size: 2 * size }, weight_map: map })
  )
}
