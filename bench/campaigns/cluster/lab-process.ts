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
const look = setInterval(() => {
  const { store } = lab.services
  for (const { id, status } of store.experiments.list())
    if (status === 'failed') void lab.client.experiments.resume({ id })
  if (store.experiments.list().some(({ status }) => status === 'running' || status === 'failed')) return
  clearInterval(look)
  void lab.close().then(() => process.exit(0))
}, 300)
