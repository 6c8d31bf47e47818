import { forkStarter } from '../fork-starter.ts'
import { hostChecks } from '../host-checks.ts'
import { Lab } from '../lab.ts'
import { rendererFolder, workerEntry } from '../project.ts'
import { LabServer } from './server.ts'

export interface ServeOptions {
  home: string
  port?: number
  host?: string
  token?: string | undefined
  page?: string | undefined
}

export interface Served {
  lab: Lab
  server: LabServer
}

/** Opens a lab and serves it on this machine, until the lab is closed. */
export async function serve({ home, ...options }: ServeOptions): Promise<Served> {
  const lab = await Lab.open({ home, host: 'server', workers: forkStarter(workerEntry()), hostChecks })
  try {
    const server = await LabServer.start({
      router: lab.router,
      renderer: rendererFolder(),
      language: () => lab.services.store.settings.get().language,
      ...options
    })
    lab.announce(server)
    return { lab, server }
  } catch (error) {
    await lab.close()
    throw error
  }
}

/** Resolves at the first Ctrl-C; a second one ends the process at once. */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    const stop = () => {
      if (asked) process.exit(130)
      asked = true
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
    process.on('SIGHUP', stop)
  })
}
