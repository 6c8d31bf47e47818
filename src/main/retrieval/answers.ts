import type { DatasetFile } from '../contract/dataset-file.ts'
import type { EmbeddedOver } from '../contract/embedded-over.ts'
import { LabError } from '../contract/error.ts'

/**
 * The answer that each text is embedded with: the first of its right ones, as in the paper's code.
 * @throws LabError `no-answer-to-embed`
 */
export function answersToEmbed(answers: readonly (string | null)[], nameOf: (at: number) => string): string[] {
  return answers.map((answer, at) => {
    if (answer !== null) return answer
    throw new LabError(
      'no-answer-to-embed',
      `${nameOf(at)} has no answer, but the index is embedded over inputs and answers. Take data whose rows have answers, or an index over inputs alone (retrieval.over "input").`
    )
  })
}

/** Rows [first, end) of a dataset as an encoder takes them. */
export function rowsToEmbed(
  dataset: Pick<DatasetFile, 'iterate'>,
  { first, end }: { first: number; end: number },
  over: EmbeddedOver
): { texts: string[]; answers: string[] | null } {
  const rows = [...dataset.iterate(first + 1, end + 1)]
  const texts = rows.map(({ input }) => input)
  if (over === 'input') return { texts, answers: null }
  const answers = rows.map(({ outputs }) => outputs[0] ?? null)
  return { texts, answers: answersToEmbed(answers, (at) => `Example ${first + at + 1}`) }
}
