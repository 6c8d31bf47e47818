import { jobTitleIn } from '../../../main/contract/job-titles.ts'
import type { Job } from '../../../main/contract/jobs.ts'
import { language } from '../texts/language.ts'
import { texts } from '../texts/texts.ts'

/** What a job does, in the reader's language; of jobs of an older version the sentence that they have. */
export function titleOf({ title, called }: Pick<Job, 'title' | 'called'>): string {
  return (called == null ? null : jobTitleIn(language, called, texts.experiments.varied)) ?? title
}
