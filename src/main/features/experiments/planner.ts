import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import type { ExperimentPlan, ExperimentSpec, Variant } from '../../contract/experiments.ts'
import { overOf } from '../../contract/embedded-over.ts'
import type { Model } from '../../contract/models.ts'
import type { QuestionOutput } from '../../contract/questions.ts'
import { isTuned, untuned } from '../../contract/strategies.ts'
import { variantKey } from '../../contract/sweep.ts'
import { estimateIndex } from '../../costs/index-cost.ts'
import { isBusy, roughSpeed, roughWarning } from '../../costs/rough-speed.ts'
import { scoredPairs } from '../../costs/tuned-examples.ts'
import { bytes, duration } from '../../evaluation/wording.ts'
import { computingCores } from '../../jobs/cores.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import { roomFor } from '../../costs/room.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import { cover } from './cover.ts'
import { earlierRuns } from './earlier-runs.ts'
import { type EstimateFacts, runBytes, runSeconds, type Speed } from './estimate.ts'
import { fitWarnings, type TokenFit } from './fit.ts'
import { keptBytes, sized, usualKeep } from './kept-weights.ts'
import { learntWarnings } from './learnt.ts'
import type { NeededIndex } from './needed-indices.ts'
import { type Forecaster, planPlaces } from './plan-places.ts'
import { sharedWork } from './plan-runs.ts'
import { warningsOf } from './plan-warnings.ts'
import { type PreparedVariant, prepareExperiment } from './prepare-experiment.ts'
import type { ResolvedSpec } from './resolve.ts'
import { takenOver, weightsLost, whoTunes } from './saved-tunings.ts'
import { sampleTexts } from './target-shape.ts'
import { sum } from '../../sums/sums.ts'

/** Enough to tell one row in a hundred. */
const rowsLookedAt = 400

/** Works out what an experiment will do and cost, before anything starts. */
export class ExperimentPlanner {
  readonly #store: Store
  readonly #home: HomeFolder
  readonly #jobs: Jobs
  readonly #forecast: Forecaster
  readonly #speeds = new Map<string, Promise<Speed>>()
  readonly #tokenFits = new Map<string, Promise<TokenFit>>()

  constructor({ store, home, jobs, forecast }: { store: Store; home: HomeFolder; jobs: Jobs; forecast: Forecaster }) {
    this.#forecast = forecast
    this.#store = store
    this.#home = home
    this.#jobs = jobs
  }

  async plan(asked: ExperimentSpec): Promise<ExperimentPlan> {
    const { spec, variants, runs: prepared } = prepareExperiment(asked, this.#store, this.#home)
    const { resolved, left: available } = variants[0]!
    const outlook = await this.#outlook(resolved, variants.length)
    const shapes = new Map(outlook.targets.map(({ targetId, shape }) => [targetId, shape]))
    const speeds = new Map<string, { speed: Speed; facts: EstimateFacts; one: PreparedVariant }>()
    let rough = false
    for (const one of variants) {
      const measured = await this.#measure(one.resolved).catch((error: unknown) => {
        if (isBusy(error)) return null
        throw error
      })
      rough ||= measured === null
      const speed = measured ?? this.#rough(one.resolved)
      const { parameters, hiddenSize } = one.resolved.models.base
      speeds.set(variantKey(one.variant), { speed, facts: { speed, parameters, hiddenSize, targets: shapes }, one })
    }
    // A run that is the same for every value is computed with the first.
    const of = (variant: Variant) => speeds.get(variantKey(variant)) ?? [...speeds.values()][0]!
    const first = of(variants[0]!.variant)
    const covered = whoTunes(prepared.flatMap((run) => cover(run, { store: this.#store, home: this.#home })))
    const runs = covered.map(({ run: { planned }, answeredBy, tuner }) => {
      const { facts, one } = of(planned.variant)
      const { tunedFor: _, seeds: __, ...shown } = planned
      return {
        ...shown,
        estimatedSeconds: answeredBy ? 0 : runSeconds(one.resolved.spec, planned, facts, tuner !== null),
        reusesRunId: answeredBy?.id ?? null,
        tunedByRunId: tuner
      }
    })
    const toRun = runs.filter((run) => run.reusesRunId === null)
    const indices = variants.flatMap(({ indices, resolved, variant }) =>
      indices.map((index) => ({ index, cost: this.#indexCost(index, resolved, of(variant).speed) }))
    )
    const costs = [...new Map(indices.map((one) => [one.index.fingerprint, one])).values()]
    const disk = toRun.map((run) => runBytes(of(run.variant).one.resolved.spec, run, of(run.variant).facts))
    const usual = usualKeep(
      keptBytes(
        variants.flatMap(({ resolved: one, runs }) =>
          sized(
            runs.map(({ planned }) => planned),
            one
          )
        )
      )
    )
    const left = toRun.map((run, at) => ({ ...run, bytes: disk[at]!.weights }))
    const weights = { bytes: keptBytes(left), keep: spec.keepWeights ?? usual, usual }
    const computing = sum(toRun.map((run) => run.estimatedSeconds))
    const atOnce = Math.min(resolved.computing.atOnce, Math.max(1, toRun.length))
    const peak = Math.max(...[...speeds.values()].map(({ speed }) => speed.peakBytes))
    const open = covered.filter(({ answeredBy }) => answeredBy === null).map(({ run }) => run)
    const used = { runs: open, indices: variants.flatMap((one) => one.indices) }
    const things = {
      model: (id: string) => this.#store.models.find(id),
      examples: (id: string) => this.#store.datasets.find(id)?.examples ?? 0
    }
    const { elsewhere, sentences } = await planPlaces(resolved, used, { things, home: this.#home }, this.#forecast)
    const plan = {
      runs,
      indices: costs.map(({ index, cost }) => ({
        representation: index.representation,
        over: index.over,
        exists: index.indexId !== null,
        estimatedSeconds: cost.seconds
      })),
      reranking: rerankingOf(spec, first.speed),
      estimatedSeconds: computing / atOnce + sum(costs.map(({ cost }) => cost.seconds)),
      estimatedBytesMemory: Math.max(atOnce * peak, ...costs.map(({ cost }) => cost.bytesMemory)),
      estimatedBytesDisk:
        sum(disk.map(({ answers }) => answers)) +
        weights.bytes[weights.keep] +
        atOnce * Math.max(0, ...disk.map(({ whileTuning }) => whileTuning)) +
        sum(costs.map(({ cost }) => cost.bytesDisk)),
      weights,
      places: [...this.#places(resolved), ...sentences],
      elsewhere,
      shared: [
        ...sharedWork(spec),
        ...takenOver(covered),
        ...(atOnce > 1 ? [`The model is small: ${atOnce} runs go side by side.`] : [])
      ],
      detectable: outlook.targets.map(({ shape, ...power }) => ({
        ...power,
        rows: shape.rows,
        sourceItems: shape.itemSizes.length
      })),
      forOtherQuerySets: outlook.forOtherQuerySets,
      wastedRounds: outlook.wastedRounds
    }
    return {
      ...plan,
      warnings: [
        ...(rough ? [roughWarning] : []),
        ...weightsLost(covered),
        ...warningsOf(resolved, plan, shapes, first.speed.weights),
        ...learntWarnings(resolved),
        ...fitWarnings(resolved, shapes, await this.#tokenFit(resolved), available),
        ...(await this.#machineWarnings(plan))
      ]
    }
  }

  /** Times the model once per setting that matters for its speed; later plans use what is known. */
  #measure({ spec, models, dataset, computing, place }: ResolvedSpec): Promise<Speed> {
    const { evaluation } = spec
    // A place may have a device that this computer has not.
    const tune =
      place !== null && spec.tune.precision === 'half' ? { ...spec.tune, precision: 'fp32' as const } : spec.tune
    const { base, encoder, reranker } = models
    const { provider } = computing
    // What is measured is this computer: a place may be faster or slower.
    const cores = computing.cores === null ? null : Math.min(computing.cores, computingCores(this.#store))
    const key = JSON.stringify([
      base.fingerprint,
      encoder?.fingerprint,
      reranker?.fingerprint,
      spec.retrieval.rerank.maxTokens,
      overOf(spec.retrieval.over, tune.merge),
      dataset.contentHash,
      ...[tune.method, tune.lastBlocks, tune.loraRank, tune.optimizer, tune.batchSize, tune.accumulation],
      ...[tune.maxInputTokens, tune.maxOutputTokens, tune.recompute, tune.precision, tune.base],
      ...[evaluation.maxInputTokens, evaluation.maxOutputTokens, evaluation.beams, evaluation.precision],
      provider,
      cores,
      computingCores(this.#store)
    ])
    const known = this.#speeds.get(key)
    if (known) return known
    const refOf = ({ id }: Model) => ({ modelId: id, folder: this.#home.model(id) })
    const measured = this.#jobs.ask('measure-speed', {
      base: { ...refOf(base), prefix: base.prefix },
      over: overOf(spec.retrieval.over, tune.merge),
      encoder: encoder ? refOf(encoder) : null,
      reranker: reranker ? refOf(reranker) : null,
      pairTokens: spec.retrieval.rerank.maxTokens,
      tune,
      evaluation,
      texts: sampleTexts(this.#home.dataset(dataset.id), 64),
      provider,
      cores
    })
    this.#speeds.set(key, measured)
    measured.catch(() => this.#speeds.delete(key))
    return measured
  }

  /** A worker reads a sample of the data with the base model's tokenizer; later plans use what is known. */
  #tokenFit({ models: { base }, dataset, targets }: ResolvedSpec): Promise<TokenFit> {
    const datasets = [...new Map([dataset, ...targets.map((one) => one.dataset)].map((one) => [one.id, one])).values()]
    const key = JSON.stringify([
      base.fingerprint,
      base.prefix,
      ...datasets.map(({ id, contentHash }) => [id, contentHash])
    ])
    const known = this.#tokenFits.get(key)
    if (known) return known
    const asked = this.#jobs.ask('token-fit', {
      folder: this.#home.model(base.id),
      prefix: base.prefix,
      rows: rowsLookedAt,
      datasets: datasets.map(({ id }) => ({ id, dataset: this.#home.dataset(id) }))
    })
    this.#tokenFits.set(key, asked)
    asked.catch(() => this.#tokenFits.delete(key))
    return asked
  }

  /** Where the work runs, where that is not the usual place. */
  #places({ spec, models }: ResolvedSpec): string[] {
    const used = Object.values(models).filter((model) => model !== null)
    if (!this.#jobs.hasLargeWorkers || roomFor(used, spec.tune.batchSize) === 'usual') return []
    return [
      'This needs more memory than a process of the window can have. It runs under the Node that comes with the lab, with the same numbers.'
    ]
  }

  #rough({ models, dataset, computing }: ResolvedSpec): Speed {
    return roughSpeed({
      parameters: models.base.parameters,
      encoderParameters: models.encoder?.parameters ?? 0,
      rerankerParameters: models.reranker?.parameters ?? 0,
      texts: sampleTexts(this.#home.dataset(dataset.id), 64),
      cores: computing.cores ?? computingCores(this.#store)
    })
  }

  #indexCost(index: NeededIndex, { dataset }: ResolvedSpec, speed: Speed) {
    if (index.indexId !== null) return { seconds: 0, bytesMemory: 0, bytesDisk: 0 }
    return estimateIndex({
      vectors: dataset.examples,
      dimension: index.dimension,
      vectorPrecision: 'fp32',
      search: 'auto',
      threads: computingCores(this.#store),
      embedSecondsPerExample: speed.embedSecondsPerExample
    })
  }

  /** What the experiment will be able to show: a worker reads the targets' rows and earlier answers to them. */
  #outlook({ spec, targets }: ResolvedSpec, variants: number): Promise<QuestionOutput<'plan-power'>> {
    const tuned = spec.strategies.filter(isTuned).length
    return this.#jobs.ask('plan-power', {
      testExamples: spec.evaluation.testExamples,
      rounds: spec.rounds,
      tuned: tuned * (1 + spec.ablateGroups.length) * variants,
      untuned: spec.strategies.includes(untuned),
      planned: spec.planned.length,
      targets: targets.map(({ target, dataset }) => ({
        targetId: target.id,
        dataset: this.#home.dataset(dataset.id),
        metric: target.metrics[0] ?? null,
        earlier: earlierRuns(target.id, this.#store, this.#home)
      }))
    })
  }

  async #machineWarnings(plan: Omit<ExperimentPlan, 'warnings'>): Promise<string[]> {
    const disk = await statfs(this.#home.path)
    const free = disk.bavail * disk.bsize
    return [
      ...(plan.estimatedBytesDisk > free * 0.9
        ? [
            `The disk has ${bytes(free)} free, and this needs about ${bytes(plan.estimatedBytesDisk)}. Tune with LoRA, or make room first.`
          ]
        : []),
      ...(plan.estimatedBytesMemory > totalmem() * 0.9
        ? [
            `This computer has ${bytes(totalmem())} of memory, and this needs about ${bytes(plan.estimatedBytesMemory)}. Tune with LoRA, with smaller batches, or with recomputation.`
          ]
        : []),
      ...(plan.estimatedSeconds > 12 * 3600
        ? [
            `This takes about ${duration(plan.estimatedSeconds)}. It may be paused at any time; fewer rounds or a smaller model make it shorter.`
          ]
        : [])
    ]
  }
}

/** Of several strategies that score anew the costliest. */
function rerankingOf({ strategies, retrieval, queries }: ExperimentSpec, speed: Speed): ExperimentPlan['reranking'] {
  const pairs = Math.max(0, ...strategies.map((strategy) => scoredPairs(strategy, retrieval, queries)))
  return pairs === 0 ? null : { pairsPerRun: pairs, secondsPerRun: pairs * speed.rerankSecondsPerPair }
}
