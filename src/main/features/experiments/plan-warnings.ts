import type { ExperimentPlan, ExperimentSpec } from '../../contract/experiments.ts'
import type { RoundedWeights } from '../../contract/base-weights.ts'
import { indicesOf, isTuned, representations } from '../../contract/strategies.ts'
import { bytes, count, points } from '../../evaluation/wording.ts'
import { chosenByLabels } from './chosen-rate.ts'
import type { Speed } from './estimate.ts'
import { whatFastTuningKeeps } from './fast-equality.ts'
import type { Shapes } from './fit.ts'
import type { ResolvedSpec } from './resolve.ts'

/** A difference that is larger than this would be a surprise; a plan that sees only such ones is worth a warning. */
const surprising = 8

/** What a plan's reader should know before the start, a sentence each. */
export function warningsOf(
  resolved: ResolvedSpec,
  plan: Pick<ExperimentPlan, 'detectable' | 'indices' | 'runs' | 'wastedRounds'>,
  shapes: Shapes,
  weights: Speed['weights']
): string[] {
  const { spec, targets } = resolved
  const warnings: string[] = []
  if (spec.rounds < 3)
    warnings.push(
      `With ${spec.rounds === 1 ? 'one round' : `${spec.rounds} rounds`} nothing can be said about other query sets than these. Take three rounds or more.`
    )
  if (plan.wastedRounds > 0)
    warnings.push(
      `${plan.wastedRounds} of the ${spec.rounds} rounds hardly sharpen anything: here the number of test items is what limits.`
    )
  for (const { target, querySets } of targets) {
    const [first] = querySets
    if (first && first.size < spec.queries)
      warnings.push(
        `${target.name} has ${count(first.size)} questions, fewer than the ${count(spec.queries)} queries of a round: all of them are its query set.`
      )
    // Without right answers there are no differences to show, and nothing that a query could flatter.
    if (!shapes.get(target.id)!.labelled) continue
    const { rows, sourceItems, points: smallest } = plan.detectable.find((one) => one.targetId === target.id)!
    if (smallest > surprising) {
      const items =
        rows === sourceItems
          ? `${count(rows)} test rows`
          : `${count(rows)} test rows of only ${count(sourceItems)} source items`
      warnings.push(
        `On ${target.name} only differences of about ${points(smallest)} or more will show: ${items}, ${spec.rounds} ${spec.rounds === 1 ? 'round' : 'rounds'}.`
      )
    }
    const inTest = Math.max(...querySets.map((set) => set.inTest))
    if (inTest > 0)
      warnings.push(
        `On ${target.name} up to ${inTest} queries of a round are test rows too, which flatters every strategy.`
      )
  }
  const unchecked = targets.filter(({ leaks }) => leaks === null)
  if (unchecked.length > 0 && retrievesAtAll(spec)) {
    const names = unchecked.map(({ target }) => target.name).join(', ')
    warnings.push(
      `Nobody has looked yet whether the upstream data holds rows of ${names}. That is checked first, before anything runs.`
    )
  }
  const leaks = targets.reduce((total, target) => total + (target.leaks?.length ?? 0), 0)
  if (leaks > 0)
    warnings.push(
      spec.retrieval.withoutLeaks
        ? `${count(leaks)} upstream rows are the targets' own data and are left out.`
        : `${count(leaks)} upstream rows are the targets' own data and may be retrieved: scores will be too good.`
    )
  if (spec.tune.merge === 'none')
    warnings.push(
      'Tuning on labelled queries only retrieves nothing, so all strategies but zero-shot give the same model.'
    )
  else if (spec.tune.merge !== 'unsupervised')
    warnings.push('This tunes on the labels of the queries: do not put it beside unsupervised results.')
  const searched = spec.strategies.flatMap((one) => indicesOf(one, spec.retrieval))
  const decoded = searched.find((name) => representations[name].answers === 'decoded')
  if (spec.retrieval.over === 'both' && decoded !== undefined)
    warnings.push(
      `${decoded.charAt(0).toUpperCase()}${decoded.slice(1)} indices over inputs and answers are made as in the paper’s code: the decoder’s first state, which sees the input and where an answer begins, but none of its words. An encoder that reads both as one text sees the words.`
    )
  const chosen = chosenByLabels(resolved.models.base, spec.tune)
  if (chosen !== null && spec.strategies.some(isTuned)) warnings.push(chosen)
  warnings.push(...precisionWarnings(spec))
  if (spec.tune.base !== 'full') warnings.push(baseWarning(spec.tune.base, weights))
  return warnings
}

/** What products that are rounded may change. */
export function precisionWarnings({ tune, evaluation }: Pick<ExperimentSpec, 'tune' | 'evaluation'>): string[] {
  const warnings: string[] = []
  const answersFast = evaluation.precision === 'fast'
  if (tune.precision === 'fast' || answersFast)
    warnings.push(
      `Fast products are rounded to 8 bits, so single answers may differ from exact ones. ${
        answersFast ? 'That scores of fast answers are equal is not shown' : whatFastTuningKeeps(tune.method)
      }: compare runs of the same precision.`
    )
  if (tune.precision === 'half')
    warnings.push(
      'In half precision products are rounded to 16 bits while models are tuned, so single answers may differ from those of exact tuning. Whether scores of models tuned so are equal has not been tested: compare runs of the same precision.'
    )
  return warnings
}

/** What rounding the base has cost where it was measured (docs/large-models.md): the demo's model, and one of 7.6 million. */
const roundingCost: Readonly<Record<RoundedWeights, string>> = {
  '8-bit':
    'Where that was measured, perplexity changed by less than 0.1 % and at most 1 answer of 200 (with fast products 1 of 37).',
  '4-bit':
    'Where that was measured, perplexity rose by about 0.1 %, 5 to 9 of 100 answers changed, and 0.5 to 0.8 of 100 fewer were right.'
}

export function baseWarning(base: RoundedWeights, weights: Speed['weights']): string {
  const memory = weights ? `: ${bytes(weights.bytes)} of memory instead of ${bytes(weights.inFull)}` : ''
  const onCard = weights?.onCard ?? null
  const card =
    onCard === null
      ? ''
      : ` On the graphics card they lie once more, as they are, and are read a layer at a time: ${bytes(onCard)} of its memory, and what a batch takes.`
  return `The base model’s linear layers lie in ${base === '8-bit' ? '8' : '4'} bits${memory}.${card} ${roundingCost[base]} Compare only runs of the same base.`
}

function retrievesAtAll(spec: ExperimentSpec): boolean {
  return spec.strategies.some(isTuned) && spec.tune.merge !== 'none'
}
