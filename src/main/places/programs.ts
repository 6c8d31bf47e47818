import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { PlaceSettings } from '../contract/places.ts'
import { putBundle, type Bundle } from './bundle.ts'
import type { Command } from './link.ts'
import { sshCommand } from './ssh.ts'

/** What runs on places: the files of this installation for this computer, a bundle for others. */
export interface Programs {
  node: string
  agent: string
  worker: string
  /** Made when it is first needed. */
  bundle: () => Promise<Bundle>
}

/** How to reach the agent of a place; on another machine the bundle is put there first, where it is not. */
export async function commandFor(settings: PlaceSettings, programs: Programs): Promise<Command> {
  const { ssh, folder } = settings
  if (ssh === null) {
    const root = resolve(homedir(), folder)
    return { program: programs.node, args: [programs.agent, root, programs.worker] }
  }
  const bundle = await programs.bundle()
  const there = await putBundle(bundle, settings)
  return sshCommand(settings, [
    `${there}/node/bin/node`,
    `${there}/${bundle.agent}`,
    folder,
    `${there}/${bundle.worker}`
  ])
}
