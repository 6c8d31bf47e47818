import type { BrowseAnswer, BrowseQuestion } from '../contract/browse.ts'
import type { DatasetFile } from '../contract/dataset-file.ts'
import { countQueriesIn, sampleQueries } from './sample-queries.ts'

/** Answers one question about a dataset. */
export function browse(dataset: DatasetFile, question: Exclude<BrowseQuestion, { what: 'query-file' }>): BrowseAnswer {
  switch (question.what) {
    case 'tasks':
      return { what: 'tasks', tasks: dataset.tasks() }
    case 'lengths':
      return { what: 'lengths', histogram: dataset.lengths(question.field, question.task) }
    case 'search':
      return { what: 'search', ...dataset.search(question.text, question) }
    case 'example':
      return { what: 'example', example: dataset.get(question.id) }
    case 'rejected':
      return { what: 'rejected', rejected: dataset.rejected() }
    case 'sample':
      return { what: 'sample', sets: sampleQueries(dataset, question) }
    case 'contains':
      return { what: 'contains', counts: countQueriesIn(dataset, question.sets) }
  }
}
