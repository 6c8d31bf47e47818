import { basename } from 'node:path'
import type { RetrievedRecord } from '../../run-files/files.ts'
import { readRetrieved, saveRetrieved } from '../../run-files/retrieved.ts'
import type { ReportFraction } from './progress.ts'
import type { RunSession } from './session.ts'
import { tunedFor } from './tuned-for.ts'

/** A retrieved example with its text. */
export type RetrievedText = RetrievedRecord['retrieved'][number]

/** The upstream examples of a run; those that an earlier attempt has retrieved are read. */
export async function retrieveExamples(
  { input, folder, clock, tools, context }: RunSession,
  report: ReportFraction
): Promise<RetrievedText[]> {
  const known = await readRetrieved(folder.path)
  if (known) return known.retrieved
  const { queries: all, excludedIds } = tunedFor(input)
  const asked = all.slice(0, Math.ceil(all.length * input.retrieval.queryShare - 1e-9))
  const queries = asked.map((query) => query.input)
  const answers = input.retrieval.over === 'both' ? asked.map(({ outputs }) => outputs[0] ?? null) : null
  const seed = input.seeds?.retrieval ?? input.seed
  const { log, signal, threads, paused } = context
  const beforePairs = async (_stage: string, done: number, total: number) => {
    report({ phase: 'reranking', done, total, unit: 'pairs' }, total === 0 ? 0 : done / total)
    clock.sample()
    await clock.outside(paused)
  }
  const retrieved = await tools.retrieve(
    {
      dataset: input.dataset,
      strategy: input.strategy,
      indices: input.indices,
      reranker: input.reranker,
      queries,
      answers,
      settings: input.retrieval,
      excludedIds,
      seed,
      provider: input.provider
    },
    { log, signal, threads, beforePairs }
  )
  const dataset = tools.openDataset(input.dataset)
  try {
    const { strategy, retrieval } = input
    const [index] = input.indices
    await saveRetrieved(folder.path, {
      dataset,
      strategy,
      settings: retrieval,
      seed,
      queries,
      ...(answers === null ? {} : { answers }),
      index: index === undefined ? null : basename(index.folder),
      retrieved
    })
  } finally {
    dataset.close()
  }
  context.log(
    `Retrieved ${retrieved.length} upstream examples from ${new Set(retrieved.map(({ task }) => task)).size} tasks.`
  )
  return (await readRetrieved(folder.path))!.retrieved
}
