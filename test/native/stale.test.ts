/** An addon that was built from other sources than those that are there is not used, and it is said what to do. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { needs } from '../needs.ts'
import { isStale, loadAddon } from '../../native/addon.ts'

const root = resolve(import.meta.dirname, '../..')
const { addon, reason } = loadAddon()
const withAddon = needs(addon, `no native addon: ${reason}`)

/** A copy of the parts of a checkout that the addon needs. */
function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'recross-addon-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['native', 'src/main/contract', 'src/main/machine', 'package.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

const path = (folder: string): string => join(folder, 'native', 'build', 'recross.node')

test('the build of this checkout is that of its sources', withAddon, () => {
  expect(isStale(path(checkout()))).toBe(false)
})

test.each<[string, (native: string) => void]>([
  ['a source was changed', (native) => writeFileSync(join(native, 'src', 'graph.h'), '// other\n')],
  ['a source came', (native) => writeFileSync(join(native, 'src', 'more.cc'), '')],
  ['a source went', (native) => rmSync(join(native, 'src', 'windows_hook.cc'))],
  ['nobody knows its sources', (native) => rmSync(join(native, 'build', 'digest'))]
])('it is old where %s', withAddon, (_what, change) => {
  const folder = checkout()
  change(join(folder, 'native'))
  expect(isStale(path(folder))).toBe(true)
})

test('an installed lab has no sources, and its addon is taken as it was packed', withAddon, () => {
  const folder = checkout()
  rmSync(join(folder, 'native', 'src'), { recursive: true })
  mkdirSync(join(folder, 'other'))
  expect(isStale(path(folder))).toBe(false)
})

test('search goes the plain way then, says why, and the start says what to do', withAddon, () => {
  const folder = checkout()
  writeFileSync(join(folder, 'native', 'src', 'graph.h'), '// other\n')
  const program = `
    const { neighbourLibrary } = await import(${JSON.stringify(join(folder, 'native', 'index.ts'))})
    const { hnswBuilder, staleAddonNotice } = await import(${JSON.stringify(join(folder, 'src/main/machine/computed-on.ts'))})
    const { name, description } = neighbourLibrary()
    console.log(JSON.stringify({ name, description, builder: hnswBuilder(), notice: staleAddonNotice() }))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  expect(stderr).not.toMatch(/Error/)
  const found = JSON.parse(stdout) as Record<string, string>
  expect(found).toMatchObject({ name: 'plain', builder: 'hnswlib-node' })
  expect(found['description']).toMatch(/was built from other sources .*node native\/build\.mjs/)
  expect(found['notice']).toMatch(/is not used: .* Run "node native\/build\.mjs"/)
})
