import type { Services } from '../services.ts'
import { keepImported } from './import-study.ts'

/** What comes of studies' jobs. */
export function keepStudies(services: Services): void {
  const { jobs, home } = services
  jobs.onFinished('import-study', (job) => keepImported(services, job))
  // Nothing of a zip that was refused stays.
  jobs.onStopped('import-study', async ({ folder }) => home.remove(folder))
}
