/** A tuned model as graphs that any ONNX Runtime answers with. */
import { join } from 'node:path'
import { writeWhole } from '../files/durable.ts'
import { encodeModel, type StoredWeight } from '../graph/index.ts'
import type { SequenceIds } from '../models/architecture.ts'
import type { Seq2SeqConfig } from '../models/architectures/index.ts'
import { wrongRole } from '../models/context.ts'
import { readModelFolder } from '../models/folder.ts'
import type { GenerationConfig } from '../models/generation-config.ts'
import { locateParameters } from '../models/locate.ts'
import { portableGraphs } from '../models/portable-graphs.ts'
import { readSafetensors } from '../models/weights/safetensors.ts'
import { openFile } from '../models/weights/source.ts'
import { exportMerged, type Tuned } from './export-tuned.ts'
import type { LoadedModel } from './loaded-model.ts'
import { weightsFile } from './model-folder.ts'

/** How a model writes answers, for a program that knows nothing else of it. */
export interface Answers {
  start: number
  ends: readonly number[]
  /** Ids that must come, by their number among the new ones. */
  forced: Readonly<Record<number, number>>
  /** What the model's settings ask of an answer besides, by the names of generation_config.json. */
  besides: readonly string[]
}

/**
 * Writes what `exportMerged` does and beside it the graphs of encoder and decoder, which read their weights from its file.
 * @param longest of the answers, in new ids
 */
export async function exportOnnx(
  tuned: Tuned,
  to: string,
  longest: number
): Promise<{ info: LoadedModel['info']; answers: Answers }> {
  const info = await exportMerged(tuned, to)
  const { config, generation } = await readModelFolder(to)
  if (config.role !== 'seq2seq' || generation === null) throw wrongRole(config.role, 'seq2seq')
  await writeGraphs(to, config)
  return { info, answers: answersOf(generation, config.ids, longest) }
}

/** Graphs beside a folder's weights, which have full precision and the lab's own names. */
export async function writeGraphs(to: string, config: Seq2SeqConfig): Promise<void> {
  const file = await openFile(join(to, weightsFile))
  try {
    const { tensors, dataStart } = await readSafetensors(file)
    const stored = new Map(tensors.map((tensor) => [tensor.name, tensor]))
    const parameters = locateParameters(config, {
      files: [file.file],
      names: () => [...stored.keys()],
      has: (name) => stored.has(name),
      info: (name) => stored.get(name)!
    })
    const source = new Map(parameters.map((parameter) => [parameter.name, parameter.source]))
    const weight = (name: string): StoredWeight => {
      const { offset, shape } = stored.get(source.get(name) ?? name)!
      return { file: weightsFile, offset: dataStart + offset, bytes: 4 * shape.reduce((size, side) => size * side, 1) }
    }
    for (const [name, graph] of Object.entries(portableGraphs(config, parameters)))
      await writeWhole(join(to, `${name}.onnx`), encodeModel(graph, { target: 'cpu', alone: { weight } }).bytes)
  } finally {
    await file.close()
  }
}

/** What a program must know to answer as the model wants it. */
function answersOf(generation: GenerationConfig, ids: SequenceIds, longest: number): Answers {
  const { forcedBos, forcedEos, decoderStart, eos } = generation
  const besides: [string, boolean][] = [
    ['min_length', generation.minLength > 1],
    ['repetition_penalty', generation.repetitionPenalty !== 1],
    ['no_repeat_ngram_size', generation.noRepeatNgramSize > 0],
    ['encoder_no_repeat_ngram_size', generation.encoderNoRepeatNgramSize > 0],
    ['bad_words_ids', generation.badWords.length > 0],
    ['suppress_tokens', generation.suppressed.length > 0],
    ['begin_suppress_tokens', generation.suppressedFirst.length > 0]
  ]
  return {
    start: decoderStart ?? ids.decoderStart,
    ends: eos.length > 0 ? eos : [ids.eos],
    forced: {
      ...(forcedEos === null ? {} : { [longest - 1]: forcedEos }),
      ...(forcedBos === null ? {} : { 0: forcedBos })
    },
    besides: besides.flatMap(([name, asked]) => (asked ? [name] : []))
  }
}
