import { browse } from '../data/browse.ts'
import { openDataset } from '../data/dataset.ts'
import { readQuerySets } from '../data/import/query-sets.ts'
import { defineJob } from './job.ts'

/** Opened for each question: that takes a millisecond, and a deleted dataset is never held open. */
export const job = defineJob({
  kind: 'browse',
  async run({ input }) {
    const dataset = openDataset(input.dataset)
    try {
      const { question } = input
      if (question.what === 'query-file') return { what: question.what, sets: await readQuerySets(question.file) }
      return browse(dataset, question)
    } finally {
      dataset.close()
    }
  }
})
