import type { BrowseAnswer, BrowseQuestion } from '../../contract/browse.ts'
import type { Services } from '../services.ts'

/** Asks a worker about a dataset. */
export async function ask<W extends BrowseQuestion['what']>(
  { home, store, jobs }: Services,
  datasetId: string,
  question: Extract<BrowseQuestion, { what: W }>
): Promise<Extract<BrowseAnswer, { what: W }>> {
  store.datasets.get(datasetId)
  const answer = await jobs.ask('browse', { dataset: home.dataset(datasetId), question })
  if (!answers(answer, question.what)) throw new Error(`asked about ${question.what}, answered ${answer.what}`)
  return answer
}

function answers<W extends BrowseAnswer['what']>(
  answer: BrowseAnswer,
  what: W
): answer is Extract<BrowseAnswer, { what: W }> {
  return answer.what === what
}
