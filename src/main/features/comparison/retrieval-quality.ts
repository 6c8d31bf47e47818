import type { Asked } from '../../contract/client.ts'
import type { MeasuredQuality, RetrievalQuality } from '../../contract/retrieval-quality.ts'
import { overOf } from '../../contract/embedded-over.ts'
import { LabError } from '../../contract/error.ts'
import type { ExperimentSpec } from '../../contract/experiments.ts'
import type { QuestionInput } from '../../contract/questions.ts'
import type { Contract } from '../../contract/routes.ts'
import { indicesOf, representations, usesQueries, type StrategyName } from '../../contract/strategies.ts'
import { columnOf } from '../../evaluation/columns.ts'
import { upstreamData } from '../datasets/upstream.ts'
import { referenceOf } from '../indices/references.ts'
import { rerankerFor } from '../indices/searched.ts'
import type { Services } from '../services.ts'
import { Recent } from '../../results/recent.ts'
import { resolveSubject } from './subject.ts'

type Parts = Pick<Services, 'store' | 'home' | 'jobs'>

/**
 * How well the strategies of a comparison retrieve by themselves: upstream examples, whose task and group are known, ask for their
 * nearest in the indices that the experiments search. What was measured is kept while the lab is open.
 */
export class RetrievalQualities {
  readonly #parts: Parts
  readonly #measured = new Recent<Promise<MeasuredQuality>>(64)

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** A column that cannot be measured says why. Throws `not-found`. */
  async of(asked: Asked<Contract['compare']['quality']>, signal?: AbortSignal): Promise<RetrievalQuality> {
    const { by, k, perName, ...subject } = asked
    const columns: RetrievalQuality['columns'] = []
    for (const { key, label, strategy, spec } of this.#columns(subject)) {
      const settings = { by, k, perName }
      try {
        const measured = await this.#measure(strategy, spec, settings, signal)
        columns.push({ column: key, label, strategy, measured, problem: null })
      } catch (thrown) {
        if (!(thrown instanceof LabError) || signal?.aborted) throw thrown
        columns.push({ column: key, label, strategy, measured: null, problem: thrown.message })
      }
    }
    return { by, k, columns }
  }

  /** One per strategy and experiment: an ablation or a value of a sweep searches the same indices. */
  #columns(subject: Parameters<typeof resolveSubject>[1]) {
    const { runs, experiments } = resolveSubject(this.#parts, subject)
    const found = new Map<string, { key: string; label: string; strategy: StrategyName; spec: ExperimentSpec }>()
    for (const run of runs) {
      if (!usesQueries(run.strategy) || run.ablatedGroup !== null) continue
      const { spec } = experiments.find(({ id }) => run.source === null || run.source.id === id)!
      if (spec.foreign) continue
      const { key, label } = columnOf({ ...run, variant: [] })
      if (!found.has(key)) found.set(key, { key, label, strategy: run.strategy, spec })
    }
    return [...found.values()]
  }

  #measure(
    strategy: StrategyName,
    { datasetId, models, retrieval, tune }: ExperimentSpec,
    settings: Pick<QuestionInput<'retrieval-quality'>, 'by' | 'k' | 'perName'>,
    signal?: AbortSignal
  ): Promise<MeasuredQuality> {
    const { store, home, jobs } = this.#parts
    const dataset = upstreamData(store, datasetId)
    const over = overOf(retrieval.over, tune.merge)
    const indices = indicesOf(strategy, retrieval).map((representation) => {
      const modelId = models[representations[representation].role]
      const [index] = modelId === null ? [] : store.indices.matching({ datasetId, modelId, representation, over })
      if (index) return { ...referenceOf(this.#parts, index), fingerprint: index.fingerprint }
      throw new LabError(
        'no-index',
        `Its ${representation} index of "${dataset.name}" is not there any more. Build it again.`
      )
    })
    const reranker = rerankerFor(this.#parts, strategy, models.reranker, retrieval)
    const key = JSON.stringify([
      ...[strategy, dataset.contentHash, indices.map(({ fingerprint }) => fingerprint)],
      ...[reranker?.modelId, retrieval.rerank, settings]
    ])
    return this.#measured.get(key, () =>
      jobs.ask(
        'retrieval-quality',
        {
          ...{ strategy, ...settings, seed: 42, rerank: retrieval.rerank },
          dataset: home.dataset(datasetId),
          indices: indices.map(({ fingerprint: _, ...reference }) => reference),
          reranker,
          provider: store.settings.get().provider
        },
        signal
      )
    )
  }
}
