import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isAtLeast, oldestNode } from '../machine/node-version.ts'
import { projectFolder } from './project.ts'

/** Path of the Node that comes with the packages, or beside the installed app; null where there is none. */
export function ownNode(root = projectFolder(), platform = process.platform): string | null {
  const program = platform === 'win32' ? 'node.exe' : 'node'
  // npm's package has it in bin/; an installed app carries it beside its archive.
  const places = [join(root, 'node_modules', 'node', 'bin', program), join(root, '..', 'node', program)]
  return places.find((place) => existsSync(place)) ?? null
}

/**
 * For programs that users start themselves (`recross-lab`, the server): under a Node that is too old, runs the same
 * command under the lab's own and ends with its exit code. Must be called before anything native is imported.
 */
export async function underFittingNode(argv: readonly string[], version = process.versions.node): Promise<void> {
  if (isAtLeast(version, oldestNode)) return
  const node = ownNode()
  if (node === null || node === process.execPath) {
    process.stderr.write(
      `ReCross Lab needs Node ${oldestNode} or newer, and this is Node ${version}. ` +
        `Run "npm ci" in ${projectFolder()}, which brings a fitting one along, or install Node 24.\n`
    )
    process.exit(1)
  }
  process.exit(await exitCodeOf(node, argv))
}

function exitCodeOf(node: string, argv: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(node, argv, { stdio: 'inherit' })
    // A terminal sends Ctrl-C to the child as well; elsewhere it is passed on.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => (process.stdin.isTTY ? undefined : child.kill(signal)))
    }
    child.on('error', ({ message }) => {
      process.stderr.write(`${node} could not be started: ${message}\n`)
      resolve(1)
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
