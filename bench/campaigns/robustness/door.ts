import { join } from 'node:path'
import { connect } from '../../../src/main/hosts/connect.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../../src/main/hosts/lab.ts'
import { projectFolder } from '../../../src/main/hosts/project.ts'
import { LabServer } from '../../../src/main/hosts/server/server.ts'
import { withHome } from '../../host-process.ts'
import { attackWithFrames, attackWithRequests } from './door-attack.ts'
import type { RobustnessPart } from './part.ts'

/** Malformed requests and frames at a lab that is served: nobody gets in, and it answers afterwards. */
export const part: RobustnessPart = {
  name: 'door',
  run: (report, { short }) =>
    withHome(async (home) => {
      const worker = join(projectFolder(), 'src/main/worker/index.ts')
      const lab = await Lab.open({ home, host: 'cli', workers: forkStarter(worker) })
      const server = await LabServer.start({ router: lab.router, renderer: home })
      lab.announce(server)
      let faults = 0
      const note = () => faults++
      process.on('uncaughtExceptionMonitor', note)
      // What oRPC says of each message that it cannot read.
      const { error } = console
      console.error = () => undefined
      try {
        const count = short ? 1000 : 50_000
        const answer = await fetch(server.newEntrance())
        const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
        const key = /setItem\("recross-lab.key","([\w-]+)"\)/.exec(await answer.text())?.[1] ?? ''
        const door = { port: server.port, cookie, key }
        const { requests, letIn, statuses } = await attackWithRequests(door, count, Date.now() | 0)
        const frames = await attackWithFrames(door, count, Date.now() | 0)
        const { client, close } = await connect(server.address, server.token)
        await client.lab.settings()
        await close()
        const detail = `${requests} requests without a secret (${JSON.stringify(statuses)}), ${frames} frames of a page that was let in`
        report({ name: 'door: let in', value: letIn.length, unit: '', aim: '0', holds: letIn.length === 0, detail })
        report({ name: 'door: faults of the host', value: faults, unit: '', aim: '0', holds: faults === 0, detail })
      } finally {
        console.error = error
        process.off('uncaughtExceptionMonitor', note)
        await lab.close()
      }
    })
}
