import { answeringOf, answersOf } from './answering.ts'
import { defineJob } from './job.ts'
import { warmModel } from './warm.ts'

/** One answer to one text. The model stays loaded for the next one. */
export const job = defineJob({
  kind: 'ask-model',
  async run({ input: { by, text, provider }, home, threads, signal }) {
    const answering = await answeringOf(by, { home, threads })
    const engine = await warmModel({ ...answering.load, provider })
    // Loading the model for the first time is not part of the answer's time.
    const started = performance.now()
    const [given] = await answersOf(engine, answering, [text], signal)
    return { ...given!, milliseconds: performance.now() - started }
  }
})
