import { expectedTime, expectedTimeOf } from '../features/lab/expected-time.ts'
import { os } from './base.ts'
import type { Services } from '../features/services.ts'

export function jobRoutes({ jobs, store }: Services) {
  return os.jobs.router({
    list: os.jobs.list.handler(({ input: { limit, offset, ...filter } }) => jobs.list(filter, limit, offset)),
    byExperiment: os.jobs.byExperiment.handler(({ input }) => store.jobs.byExperiment(input)),
    get: os.jobs.get.handler(({ input }) => jobs.get(input.id)),
    expected: os.jobs.expected.handler(({ input }) => expectedTime(store, input)),
    expectedOf: os.jobs.expectedOf.handler(({ input }) => expectedTimeOf(store, input.id)),
    log: os.jobs.log.handler(({ input }) => jobs.log(input.id, input.tail)),
    curve: os.jobs.curve.handler(({ input }) => jobs.curve(input.id)),
    pause: os.jobs.pause.handler(({ input }) => jobs.pause(input.id)),
    resume: os.jobs.resume.handler(({ input }) => jobs.resume(input.id)),
    cancel: os.jobs.cancel.handler(({ input }) => jobs.cancel(input.id)),
    retry: os.jobs.retry.handler(({ input }) => jobs.retry(input.id)),
    setPriority: os.jobs.setPriority.handler(({ input }) => jobs.setPriority(input.id, input.priority)),
    selfTest: os.jobs.selfTest.handler(({ input: { place, ...input } }) =>
      jobs.add('self-test', input, { title: { says: 'self-test', of: {} }, place })
    ),
    remove: os.jobs.remove.handler(({ input }) => jobs.remove(input.id).then(() => ({}))),
    clear: os.jobs.clear.handler(async () => ({ removed: await jobs.clear() }))
  })
}
