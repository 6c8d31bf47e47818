import { embedAll } from '../retrieval/encoder.ts'
import { defineJob } from './job.ts'
import { warmEncoder } from './warm.ts'

/** A slow encoder is timed on fewer texts: the user waits for the answer. */
const enoughMilliseconds = 4000
const textsPerRound = 16

/** Times an encoder on texts that it will read. */
export const job = defineJob({
  kind: 'measure-embedding',
  async run({ input, threads, signal }) {
    const { encoder: ref, maxTokens, modelPrecision, texts, answers, provider } = input
    const started = performance.now()
    const { representation, prefix, over } = ref
    const wanted = { representation, prefix, over, maxTokens, precision: modelPrecision }
    const encoder = await warmEncoder({ encoder: ref }, wanted, provider, threads)
    const embed = (first: number, end: number) =>
      embedAll(encoder, texts.slice(first, end), signal, { answers: answers?.slice(first, end) ?? null })
    // The first run prepares the graph.
    await embed(0, 1)
    const ready = performance.now()
    let done = 0
    while (done < texts.length && performance.now() - ready < enoughMilliseconds) {
      await embed(done, done + textsPerRound)
      done = Math.min(texts.length, done + textsPerRound)
    }
    return { secondsPerExample: (performance.now() - ready) / 1000 / done, startSeconds: (ready - started) / 1000 }
  }
})
