import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFolder } from '../src/main/hosts/project.ts'

/**
 * Tries the app under dist/ as it would be installed: all that must be there, the self-test and the demo on the command line
 * that comes with it. Ends with 1 where anything is missing or fails.
 */
const resources = findResources(join(projectFolder(), 'dist'))
const node = join(resources, 'node', process.platform === 'win32' ? 'node.exe' : 'node')
const lab = join(resources, 'app.asar.unpacked', 'out', 'main', 'cli.js')
const home = mkdtempSync(join(tmpdir(), 'recross-smoke-'))

for (const path of [node, lab, join(resources, 'THIRD-PARTY-NOTICES.txt'), join(resources, 'LICENSE.txt')]) {
  if (!existsSync(path)) stop(`${path} is missing`)
}
run('doctor')
if (!process.argv.includes('--without-demo')) run('demo')
rmSync(home, { recursive: true, force: true })
process.stdout.write('The packaged app works.\n')

function run(...words: string[]): void {
  const { status } = spawnSync(node, [lab, '--home', home, ...words], { stdio: 'inherit', cwd: tmpdir() })
  if (status !== 0) stop(`recross-lab ${words.join(' ')} ended with ${status}`)
}

function findResources(folder: string): string {
  const inside = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []
  const archive = inside.find((entry) => entry.isFile() && entry.name === 'app.asar')
  return archive === undefined ? stop(`${folder} has no app. Run npm run package first`) : archive.parentPath
}

function stop(reason: string): never {
  process.stderr.write(`${reason}.\n`)
  process.exit(1)
}
