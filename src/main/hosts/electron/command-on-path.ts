import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { messageOf } from '../../contract/error.ts'
import { ownNode } from '../own-node.ts'
import { outsideArchive } from '../project.ts'
import type { ElectronParts } from './parts.ts'
import { words } from './words.ts'

/** Where a user may put a command without being an administrator. */
export function commandFile(platform = process.platform, home = homedir()): string {
  if (platform === 'win32') return join(home, 'AppData', 'Local', 'Microsoft', 'WindowsApps', 'recross-lab.cmd')
  return join(home, '.local', 'bin', 'recross-lab')
}

/** The script that starts the installed lab's command line under the Node that the app brings along. */
export function commandScript(node: string, entry: string, platform = process.platform): string {
  if (platform === 'win32') return `@echo off\r\n"${node}" "${entry}" %*\r\n`
  const quoted = (path: string) => `'${path.replaceAll("'", `'\\''`)}'`
  return `#!/bin/sh\nexec ${quoted(node)} ${quoted(entry)} "$@"\n`
}

/** The menu entry that puts `recross-lab` on the command line; says where it is and whether a terminal will find it. */
export async function installCommand({ dialog }: ElectronParts): Promise<void> {
  const path = commandFile()
  const node = ownNode()
  const entry = join(outsideArchive(), 'out', 'main', 'cli.js')
  try {
    if (node === null) throw new Error('the Node that comes with the app is missing; install the lab again')
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, commandScript(node, entry))
    if (process.platform !== 'win32') chmodSync(path, 0o755)
    const found = (process.env['PATH'] ?? '').split(delimiter).includes(dirname(path))
    await say(words.command.done(path), found ? '' : words.command.manual(path))
  } catch (error) {
    await say(words.command.failed(path, messageOf(error)), '')
  }

  async function say(message: string, detail: string): Promise<void> {
    await dialog.showMessageBox({ type: 'info', title: words.command.title, message, detail, noLink: true })
  }
}
