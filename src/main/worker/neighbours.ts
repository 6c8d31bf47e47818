import { LabError } from '../contract/error.ts'
import { retrievalSettingsSchema } from '../contract/run-settings.ts'
import { nearnessStrategies } from '../contract/strategies.ts'
import { defineJob } from './job.ts'
import { retrieveWarm } from './retrieving.ts'
import { warmDataset, warmIndex } from './warm.ts'

/** Nearest upstream examples of one text, with their own texts. */
export const job = defineJob({
  kind: 'neighbours',
  async run({ input, ...context }) {
    const { strategy, indices, provider } = input
    if (!nearnessStrategies.includes(strategy)) {
      throw new LabError(
        'no-neighbours',
        `The strategy "${strategy}" knows no nearness. Choose one of: ${nearnessStrategies.join(', ')}.`
      )
    }
    const dataset = await warmDataset(input.dataset)
    for (const { folder } of indices) await warmIndex(folder, context)
    // Opening things for the first time is not part of the answer's time.
    const started = performance.now()
    const retrieved = await retrieveWarm(
      {
        ...{ dataset: input.dataset, strategy, indices, reranker: null, provider },
        queries: [input.text],
        settings: retrievalSettingsSchema.parse({ budget: input.count }),
        excludedIds: [],
        seed: 0
      },
      context
    )
    const neighbours = retrieved.map((one) => {
      const { input: text, outputs } = dataset.get(one.exampleId)
      return { ...one, input: text, outputs }
    })
    return { neighbours, milliseconds: performance.now() - started }
  }
})
