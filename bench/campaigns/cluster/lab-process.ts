import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../src/main/contract/error.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../../src/main/hosts/lab.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'

/**
 * A lab in a process of its own, to be killed: `node lab-process.ts <home>` opens the home, lets what is in its queue go on, and ends
 * with 0 when no experiment runs any more.
 */
const home = process.argv[2]!
const lab = await Lab.open({
  ...{ host: 'cli', home, workers: forkStarter(workerEntry()) },
  places: { pollMilliseconds: 300, retryMilliseconds: 500, gatherMilliseconds: 100 }
})
const { store } = lab.services
const running = () => store.experiments.list().some(({ status }) => status === 'running' || status === 'failed')
while (running()) {
  for (const { id, status } of store.experiments.list())
    // One that cannot go on now can when what it waits for has ended: it is asked again.
    if (status === 'failed') await lab.client.experiments.resume({ id }).catch(tell)
  await sleep(300)
}
await lab.close()
process.exit(0)

function tell(thrown: unknown): void {
  process.stderr.write(`The lab could not resume: ${messageOf(thrown)}\n`)
}
