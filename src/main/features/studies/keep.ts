import type { Services } from '../services.ts'
import { keepImported } from './import-study.ts'

/** What comes of studies' jobs. */
export function keepStudies(services: Services): void {
  const { jobs, home } = services
  jobs.onFinished('import-study', (job) => keepImported(services, job))
  jobs.onStopped('import-study', ({ status, folder }) => {
    // Nothing of a zip that was refused stays; at once, so that a retry cannot have begun in the folder.
    if (status !== 'interrupted') home.removeNow(folder)
  })
}
