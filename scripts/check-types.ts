import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Types of everything, and the rules about types in components. svelte-check writes each component as the TypeScript that it checks; the
 * same files, without the casts of its own that stand for nothing of ours, are what oxlint looks through: seconds instead of the minutes
 * that typescript-eslint takes for the same rules. See docs/decisions/lint.md.
 */
const root = join(import.meta.dirname, '..')
const written = join(root, '.svelte-check')
const lint = join(written, 'lint')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

/** What stands in the written files for what svelte2tsx does not know: any, which is never one of ours. */
const casts: readonly [RegExp, string][] = [
  [/__sveltets_2_any\([^()]*\)/g, '(null as never)'],
  [/\bnull as any\b/g, 'null as never'],
  [/= \$props\(\)/g, '= (null as never)']
]

/** Components as svelte-check has written them, relative to its folder. Empty: it writes them otherwise by now. */
function writtenComponents(folder = written): string[] {
  return readdirSync(join(folder, 'svelte'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('++') && path.endsWith('.svelte.ts'))
    .map((path) => join('svelte', path))
}

/** The text of a component without the casts of svelte2tsx. */
export function withoutCasts(text: string): string {
  return casts.reduce((left, [cast, instead]) => left.replace(cast, instead), text)
}

function checkTypes(): number {
  const options = ['--tsconfig', './tsconfig.json', '--incremental', '--output', 'human']
  const checked = run(bin('svelte-check'), options, root)
  if (checked !== 0) return checked
  rmSync(lint, { recursive: true, force: true })
  cpSync(join(written, 'svelte'), join(lint, 'svelte'), { recursive: true })
  const components = writtenComponents()
  for (const path of components)
    writeFileSync(join(lint, path), withoutCasts(readFileSync(join(written, path), 'utf8')))
  const config = readFileSync(join(written, 'tsconfig.json'), 'utf8')
  writeFileSync(join(lint, 'tsconfig.json'), config.replaceAll('"..', '"../..'))
  if (components.length < 100) {
    process.stderr.write(
      `Only ${components.length} components were found in ${written}: svelte-check writes them elsewhere.\n`
    )
    return 1
  }
  const rules = join(import.meta.dirname, 'component-rules.json')
  return run(bin('oxlint'), ['--type-aware', '--no-ignore', '--quiet', '-c', rules, '-f', 'unix', ...components], lint)
}

function run(program: string, options: readonly string[], cwd: string): number {
  const { status, error } = spawnSync(program, options, { cwd, stdio: 'inherit', shell: process.platform === 'win32' })
  if (error !== undefined) throw error
  return status ?? 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = checkTypes()
