import type { JobInput, JobKind, JobOutput } from '../../contract/jobs.ts'
import type { JobContext } from '../job.ts'
import { loadJob } from '../registry.ts'

/** Runs a job of the lab in this process, on one thread, so that it comes out the same on every machine. */
export async function runJob<K extends JobKind>(kind: K, input: JobInput<K>, folder: string): Promise<JobOutput<K>> {
  const job = await loadJob(kind)
  const nothing = () => undefined
  let said = ''
  return job.run({
    ...{ input, folder: folder as JobContext<K>['folder'], home: folder, threads: 1 },
    ...{ signal: new AbortController().signal, paused: async () => undefined, curve: nothing },
    log: (text) => console.log(`${kind}: ${text}`),
    report: ({ phase, done, total, unit, figures }) => {
      const tenth = total === null || total === undefined ? '' : String(Math.floor((10 * done) / Math.max(1, total)))
      if (said === `${phase} ${tenth}`) return
      said = `${phase} ${tenth}`
      const auc = figures?.['auc'] === undefined ? '' : `, AUC ${figures['auc'].toFixed(3)}`
      console.log(`${kind}: ${phase}, ${done} of ${total} ${unit}${auc}`)
    }
  })
}
