import { jobTitleIn, soughtTitle } from '../contract/job-titles.ts'
import type { AddOptions } from './options.ts'

/** A title as it is kept: its English words, what other languages need, and what is searched. */
export function titleFields(title: AddOptions['title']) {
  if (typeof title === 'string') return { title, called: null, sought: null }
  return {
    title: jobTitleIn('en', title),
    called: { says: title.says, of: { ...title.of } },
    sought: soughtTitle(title)
  }
}
