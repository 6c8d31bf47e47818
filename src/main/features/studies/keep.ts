import { removeBesideNow } from '../../files/remove.ts'
import { unfinishedEnding } from '../../study-files/packing.ts'
import type { Services } from '../services.ts'
import { keepImported } from './import-study.ts'

/** What comes of studies' jobs. */
export function keepStudies(services: Services): void {
  const { jobs, home } = services
  // What a killed worker has left beside the file that was to be.
  jobs.onStopped('export-study', ({ input, folder }) => removeBesideNow(input.path, unfinishedEnding(folder)))
  jobs.onFinished('import-study', (job) => keepImported(services, job))
  jobs.onStopped('import-study', ({ status, folder }) => {
    // Nothing of a zip that was refused stays; at once, so that a retry cannot have begun in the folder.
    if (status !== 'interrupted') home.removeNow(folder)
  })
}
