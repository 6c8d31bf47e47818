import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { withoutCasts } from '../scripts/check-types.ts'

const root = resolve(import.meta.dirname, '..')

/** As svelte-check writes a component: casts of its own around what a person wrote. */
const component = (script: string) => `
interface Props { title: string; children?: () => void }
export function $$render() {
  const { title, children }: Props = $props()
  const entry = (): { children: () => void } => ({ children: () => __sveltets_2_any(0) })
  ${script}
  return { props: null as any as Props, title, children, entry }
}
`

/** Names of the rules that a component breaks. */
function broken(script: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'recross-rules-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, target: 'esnext' } }))
  writeFileSync(
    join(folder, 'shims.d.ts'),
    'declare function $props(): any\ndeclare function __sveltets_2_any(some?: unknown): any\n'
  )
  writeFileSync(join(folder, 'Card.svelte.ts'), withoutCasts(component(script)))
  const options = ['--type-aware', '-c', join(root, 'scripts', 'component-rules.json'), '-f', 'json', 'Card.svelte.ts']
  const program = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint')
  const env = { ...process.env, OXLINT_TSGOLINT_PATH: join(root, 'node_modules', '.bin', 'tsgolint') }
  let text: string
  try {
    text = execFileSync(process.execPath, [program, ...options], { cwd: folder, env, encoding: 'utf8' })
  } catch (thrown) {
    text = (thrown as { stdout: string }).stdout
  }
  const { diagnostics } = JSON.parse(text) as { diagnostics: { code: string }[] }
  return [...new Set(diagnostics.map(({ code }) => code.replace(/^.*\(|\)$/g, '')))].sort()
}

test('casts of svelte2tsx are none of ours', () => {
  expect(broken('void title')).toEqual([])
})

test.each([
  ['an any that is kept', "const kept = JSON.parse('1'); void kept", ['no-unsafe-assignment']],
  ['an any that is read', "const text: string = String(JSON.parse('1').a); void text", ['no-unsafe-member-access']],
  ['a promise that nobody awaits', 'Promise.resolve(title)', ['no-floating-promises']],
  ['a promise where an answer was wanted', 'if (Promise.resolve(true)) children?.()', ['no-misused-promises']]
])('%s is found in a component', (_, script, rules) => {
  expect(broken(script)).toEqual(rules)
})
