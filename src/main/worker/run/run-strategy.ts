import { LabError } from '../../contract/error.ts'
import type { JobOutput } from '../../contract/jobs.ts'
import { isTuned } from '../../contract/strategies.ts'
import { scoredPairs, tunedExamples } from '../../costs/tuned-examples.ts'
import { scoreRows } from '../../evaluation/metrics/metrics.ts'
import type { Engine } from '../../engine/engine.ts'
import { runFiles, type TunedRecord } from '../../run-files/files.ts'
import { RunFolder } from '../../run-files/run-folder.ts'
import { RunClock } from './clock.ts'
import { evaluateTarget } from './evaluate-phase.ts'
import { wholeProgress, type ReportFraction } from './progress.ts'
import { retrieveExamples } from './retrieve-phase.ts'
import type { RunSession } from './session.ts'
import type { RunContext, RunInput, RunTools } from './tools.ts'
import { takeOverWeights } from './take-over.ts'
import { retrieves } from './training-data.ts'
import { tunedFor } from './tuned-for.ts'
import { tunedModel, tuneModel } from './tune-phase.ts'
import { versionsOf } from './versions.ts'

type RunOutput = JobOutput<'run-strategy'>

/** One run: retrieve, tune, evaluate. Started again after a kill, it goes on from what is in its folder. */
export async function runStrategy(
  input: RunInput,
  path: string,
  tools: RunTools,
  context: RunContext
): Promise<RunOutput> {
  const folder = new RunFolder(path)
  await folder.create()
  await claim(folder, input, context.home)
  const finished = await folder.read(runFiles.result)
  if (finished) return finished
  const clock = await RunClock.open(folder)
  const session: RunSession = { input, folder, clock, tools, context }
  const tunes = isTuned(input.strategy)
  const part = wholeProgress(weightsOf(input), context.report)

  if (tunes) await takeOverWeights(input, folder, context)
  clock.enter('retrieve')
  if (retrieves(input)) part('retrieve')({ phase: 'retrieving', done: 0, unit: 'examples' }, 0)
  const retrieved = retrieves(input) ? await retrieveExamples(session, part('retrieve')) : []
  await clock.outside(context.paused)

  clock.enter('tune')
  const tuned = tunes ? await tuneModel(session, retrieved, part('tune')) : null
  await clock.save()

  clock.enter('evaluate')
  const { scores, provider } = await evaluateAll(session, tuned, part('evaluate'))
  clock.enter(null)
  const { peakBytes, ...seconds } = clock.read()
  const output: RunOutput = { provider, versions: versionsOf(context.threads), seconds, peakBytes, scores }
  await folder.write(runFiles.result, output)
  return output
}

/**
 * Rough shares of the time, counted in examples that are tuned on: a greedy answer takes about 0.6 of such a step, each
 * further beam half as much again, and a pair that a reranker scores a sixth.
 */
function weightsOf(input: RunInput): Record<'retrieve' | 'tune' | 'evaluate', number> {
  const { evaluation, targets } = input
  const queries = tunedFor(input).queries.length
  const tune = !isTuned(input.strategy) ? 0 : tunedExamples(input, queries) * input.tune.epochs
  const evaluate = 0.6 * (1 + (evaluation.beams - 1) / 2) * evaluation.testExamples * targets.length
  const pairs = scoredPairs(input.strategy, input.retrieval, queries) / 6
  return { retrieve: retrieves(input) ? (tune + evaluate) / 50 + pairs : 0, tune, evaluate }
}

/** A folder belongs to one run: files of another must never be taken for its own. */
async function claim(folder: RunFolder, input: RunInput, home: string): Promise<void> {
  const owner = await folder.readAsked(home)
  if (owner === null) return folder.writeAsked(input, home)
  if (owner.fingerprint === input.fingerprint && owner.runId === input.runId) return
  throw new LabError(
    'run-folder-taken',
    `The folder ${folder.path} belongs to run ${owner.runId}, which had other settings. Start this run in a folder of its own.`,
    { details: { folder: folder.path, owner: owner.runId, runId: input.runId } }
  )
}

async function evaluateAll(
  session: RunSession,
  tuned: TunedRecord | null,
  report: ReportFraction
): Promise<Pick<RunOutput, 'scores' | 'provider'>> {
  const { input, folder, clock, tools, context } = session
  let loaded: Engine | null = null
  const engine = async (): Promise<Engine> => {
    if (loaded) return loaded
    const { precision } = input.evaluation
    loaded = await tools.loadEngine({ ...tunedModel(input, folder, tuned, context.threads), precision })
    context.log(loaded.info.providerReason)
    await folder.write(runFiles.provider, loaded.info.provider)
    return loaded
  }
  try {
    const scores: RunOutput['scores'] = []
    for (const [number, target] of input.targets.entries()) {
      const predictions = await evaluateTarget(session, target, engine, (progress, fraction) =>
        report(progress, (number + fraction) / input.targets.length)
      )
      clock.sample()
      for (const metric of target.metrics) {
        const value = scoreRows(metric, predictions)
        if (value === null)
          context.log(`${metric} is undefined on target ${target.targetId} for these answers.`, 'warn')
        else scores.push({ targetId: target.targetId, metric, value, examples: predictions.length })
      }
    }
    return { scores, provider: (await folder.read(runFiles.provider)) ?? 'unknown' }
  } finally {
    // TypeScript does not see that the closure above may have loaded it.
    await (loaded as Engine | null)?.close()
  }
}
