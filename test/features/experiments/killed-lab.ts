import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../../src/main/hosts/lab.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'

/** A lab in a process of its own, to be killed: `node killed-lab.ts <home>` opens the home and works until the end. */
const lab = await Lab.open({ host: 'server', home: process.argv[2]!, workers: forkStarter(workerEntry()) })
process.stdout.write(`open ${lab.home.path}\n`)
setInterval(() => undefined, 60_000)
