import type { ExpectedAsked, ExpectedTime } from '../../contract/expected-time.ts'
import { expectedSeconds } from '../../costs/expected-seconds.ts'
import { workOf } from '../../jobs/work.ts'
import type { Store } from '../../store/store.ts'

/** How long something will take, as earlier jobs of its kind took on this computer. */
export function expectedTime(store: Store, asked: ExpectedAsked): ExpectedTime {
  const work = workOf(asked, store)
  const done = store.jobs.workDone(asked.kind)
  return { seconds: work === null ? null : expectedSeconds(work, done), jobs: done.length }
}

/** The same of a job that is there. Throws `not-found`. */
export function expectedTimeOf(store: Store, id: string): ExpectedTime {
  const { kind, work } = store.jobs.get(id)
  const done = store.jobs.workDone(kind)
  return { seconds: work === null ? null : expectedSeconds(work, done), jobs: done.length }
}
