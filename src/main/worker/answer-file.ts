import { join } from 'node:path'
import type { GivenAnswer } from '../contract/tuned-models.ts'
import { readQuerySets } from '../data/import/query-sets.ts'
import { loadEngine } from '../engine/load.ts'
import { writeWhole } from '../files/durable.ts'
import { answeringOf, answersOf } from './answering.ts'
import { defineJob } from './job.ts'

/** Questions that are answered together. */
const together = 128

/** Answers a file as a run answered its test rows, with free generation, and says how sure the model is of each. */
export const job = defineJob({
  kind: 'answer-file',
  async run({ input: { by, file, provider }, folder, home, threads, report, log, paused, signal }) {
    const sets = await readQuerySets(file)
    const questions = sets.flatMap(({ queries }) => queries)
    const answering = await answeringOf(by, { home, threads })
    const engine = await loadEngine({ ...answering.load, provider })
    try {
      log(engine.info.providerReason)
      const answers: GivenAnswer[] = []
      for (let start = 0; start < questions.length; start += together) {
        const batch = questions.slice(start, start + together)
        const texts = batch.map(({ input }) => input)
        const given = await answersOf(engine, answering, texts, signal)
        answers.push(...given.map((one, at) => ({ id: batch[at]!.sourceId, question: texts[at]!, ...one })))
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
