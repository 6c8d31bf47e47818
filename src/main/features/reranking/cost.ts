import type { QuestionOutput } from '../../contract/questions.ts'
import type { Model, Index } from '../../contract/models.ts'
import { epochsFor, mostNearnessRows, type RerankerSettings } from '../../contract/reranking.ts'
import type { Mining, MiningSettings } from '../../contract/minings.ts'
import type { RetrieverSettings } from '../../contract/retrievers.ts'

/** A loss takes about a third of a tuning step on the same example. */
const lossShare = 1 / 3

/** Time, memory and disk of a mining, before it begins. `atOnce` processes mine side by side. */
export function miningCost(
  settings: MiningSettings,
  {
    tuneSecondsPerExample,
    startSeconds
  }: Pick<QuestionOutput<'measure-speed'>, 'tuneSecondsPerExample' | 'startSeconds'>,
  { parameters, atOnce }: { parameters: number; atOnce: number }
): { seconds: number; bytesMemory: number; bytesDisk: number; trials: number } {
  const { sets, keep, draws, groupSize, labelledRows, usefulness } = settings
  const judging = labelledRows * lossShare
  // Three tunings a set in any case: best, worst, the task's own rows.
  const groups = 3 + (usefulness === 'group-loss' ? draws * Math.ceil(keep / groupSize) : 0)
  const gradients = usefulness === 'influence' ? keep + labelledRows : 0
  const examples = groups * (groupSize + judging) + judging + gradients
  return {
    seconds: startSeconds + (sets * examples * tuneSecondsPerExample) / atOnce,
    // The runtime; weights, gradients, moments, what they are put back to, and the gradients of the labelled rows.
    bytesMemory: atOnce * (3e8 + 4 * parameters * (7 + draws)),
    bytesDisk: sets * keep * 160,
    trials: sets * (groups + (usefulness === 'influence' ? keep + draws : 0))
  }
}

/** Multiplications and additions of a head a second, on one core of a usual computer. */
const headFlops = 5e8

/** Time, memory and disk of a head's training, before it begins; `scoring` is what distilling takes, in seconds a pair. */
export function headCost(
  settings: RetrieverSettings,
  minings: readonly Pick<Mining, 'report' | 'settings'>[],
  { dimension }: Pick<Index, 'dimension'>,
  { model, scoring }: { model: Pick<Model, 'bytes'>; scoring: number | null }
): { seconds: number; bytesMemory: number; bytesDisk: number; pairs: number } {
  const share = 1 - settings.validationShare
  let [vectors, labelled, judged] = [0, 0, 0]
  for (const { report, settings: mined } of minings) {
    const candidates = scoring === null ? (report.pairs.positive + report.pairs.negative) / report.sets : mined.keep
    vectors += share * report.sets * (mined.rows + candidates)
    labelled += share * mined.rows * (report.pairs.positive + report.pairs.negative)
    judged += report.sets * mined.rows * mined.keep
  }
  const step = (6 * vectors * dimension ** 2) / headFlops
  return {
    seconds: 5 + settings.epochs * step + (scoring ?? 0) * judged,
    bytesMemory: 4e8 + 36 * dimension ** 2 + 4 * vectors * dimension,
    bytesDisk: model.bytes + 4 * dimension ** 2,
    pairs: Math.round(scoring === null ? labelled : share * judged)
  }
}

/** Time, memory and disk of a reranker's training. A pair is two texts, and a step costs three passes forward. */
export function trainingCost(
  settings: RerankerSettings,
  minings: readonly Pick<Mining, 'report' | 'settings'>[],
  { secondsPerExample, startSeconds }: QuestionOutput<'measure-embedding'>,
  { parameters }: Pick<Model, 'parameters'>
): { seconds: number; bytesMemory: number; bytesDisk: number; pairs: number } {
  const mined = minings.reduce((sum, { report, settings: { rows } }) => {
    const all = (report.pairs.positive + report.pairs.negative) * rows
    return sum + (settings.pairsPerSet === null ? all : Math.min(all, settings.pairsPerSet * report.sets))
  }, 0)
  const judged = minings.reduce((sum, { report, settings: { rows, keep } }) => sum + report.sets * rows * keep, 0)
  const pairs = Math.round(mined * (1 - settings.validationShare))
  const epochs = epochsFor(settings, pairs)
  const steps = Math.ceil(pairs / settings.batchSize) * epochs
  const checks = steps / settings.everySteps
  const forward = checks * mined * settings.validationShare + judged * settings.validationShare
  const near = settings.nearnessPairs
  // The rows whose nearness is learnt are embedded first.
  const embedded = Math.min(2 * near, mostNearnessRows) * secondsPerExample
  return {
    seconds: startSeconds + embedded + 2 * secondsPerExample * (3 * (pairs * epochs + near) + forward),
    bytesMemory: 5e8 + 16 * parameters,
    bytesDisk: 4 * parameters,
    pairs
  }
}
