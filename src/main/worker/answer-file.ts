import { join } from 'node:path'
import type { GivenAnswer } from '../contract/tuned-models.ts'
import { readQuerySets } from '../data/import/query-sets.ts'
import type { Engine } from '../engine/engine.ts'
import { loadEngine } from '../engine/load.ts'
import { writeWhole } from '../files/durable.ts'
import { RunFolder } from '../run-files/run-folder.ts'
import { defineJob } from './job.ts'
import { whatWasTuned } from './export-model.ts'
import { tunedModel } from './run/tune-phase.ts'
import type { RunInput } from './run/tools.ts'

/** Questions that are answered together. */
const together = 128

/** Answers as the run answered its test rows, with free generation, and says how sure the model is of each. */
export const job = defineJob({
  kind: 'answer-file',
  async run({ input: { run, file, provider }, folder, home, threads, report, log, paused, signal }) {
    const sets = await readQuerySets(file)
    const questions = sets.flatMap(({ queries }) => queries)
    const files = new RunFolder(run.folder)
    const { asked, tuned } = await whatWasTuned(files, run.runId, home)
    const here = { ...asked, provider, model: { ...asked.model, folder: run.base.folder } }
    const engine = await loadEngine(tunedModel(here, files, tuned, threads))
    try {
      log(engine.info.providerReason)
      const answers: GivenAnswer[] = []
      for (let start = 0; start < questions.length; start += together) {
        const batch = questions.slice(start, start + together)
        const given = await answered(
          engine,
          asked,
          batch.map(({ input }) => input),
          signal
        )
        answers.push(...given.map((one, at) => ({ id: batch[at]!.sourceId, question: batch[at]!.input, ...one })))
        report({ phase: 'answering', done: answers.length, total: questions.length, unit: 'questions' })
        await paused()
      }
      await writeWhole(join(folder, 'answers.json'), JSON.stringify(answers))
      return { questions: answers.length }
    } finally {
      await engine.close()
    }
  }
})

async function answered(
  engine: Engine,
  { model: { prefix }, evaluation }: RunInput,
  questions: readonly string[],
  signal: AbortSignal
): Promise<Pick<GivenAnswer, 'answer' | 'certainty'>[]> {
  const { maxInputTokens, maxOutputTokens, beams } = evaluation
  const inputs = questions.map((question) => prefix + question)
  const texts = new Array<string>(inputs.length).fill('')
  const options = { maxInputTokens, maxNewTokens: maxOutputTokens, beams, signal }
  for await (const { index, text } of engine.generate(inputs, options)) texts[index] = text.trim()
  const some = texts.flatMap((text, index) => (text === '' ? [] : [index]))
  const examples = some.map((index) => ({ input: inputs[index]!, output: prefix + texts[index]! }))
  const losses = examples.length === 0 ? [] : await engine.losses(examples, { maxInputTokens })
  const sure = new Map(some.map((index, at) => [index, Math.exp(-losses[at]!)]))
  return texts.map((answer, index) => ({ answer, certainty: sure.get(index) ?? null }))
}
