import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { launchElectron } from '../../scripts/launch.ts'
import { openMessage } from '../../src/main/contract/bridge.ts'
import { ownNode } from '../../src/main/hosts/own-node.ts'
import { isAtLeast, oldestNode } from '../../src/main/machine/node-version.ts'
import { needs } from '../needs.ts'

/** A program in Electron's place: a script that behaves as Electron does on some machine. */
function electronThat(script: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'recross-launch-')), 'electron')
  writeFileSync(path, `#!${process.execPath}\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}
const launch = (script: string, patience = 60_000) =>
  launchElectron({ command: electronThat(script), args: [], cwd: tmpdir(), patience })
const withScripts = needs(process.platform !== 'win32', 'a script cannot play a program on Windows')
const abort = (words: string) => `process.stderr.write(${JSON.stringify(words)}); process.kill(process.pid, 'SIGTRAP')`
const opens = `process.send(${JSON.stringify(openMessage)}, () => process.disconnect())`

describe('npm start goes on in the browser, with a reason', withScripts, () => {
  test.each([
    ['no usable sandbox', abort('FATAL:setuid_sandbox_host.cc(158) The SUID sandbox helper …'), /sandbox/],
    ['root', abort('Running as root without --no-sandbox is not supported.'), /root.*npm start -- --no-sandbox/],
    ['no display', 'process.stderr.write("Missing X server or $DISPLAY"); process.exit(1)', /no display/],
    ['a missing library', abort('error while loading shared libraries: libnss3.so: cannot open'), /libnss3\.so/],
    ['an abort without words', abort(''), /SIGTRAP/],
    ['an end without words', 'process.exit(7)', /code 7/]
  ])('where Electron meets %s', async (_name, script, reason) => {
    expect(await launch(script)).toEqual({ reason: expect.stringMatching(reason) as string })
  })

  test('where no window comes', async () => {
    expect(await launch('setInterval(() => {}, 1000)', 500)).toEqual({
      reason: expect.stringMatching(/did not open a window/) as string
    })
  })

  test('where the program cannot be started', async () => {
    const options = { command: join(tmpdir(), 'no-such-electron'), args: [], cwd: tmpdir(), patience: 1000 }
    expect(await launchElectron(options)).toEqual({ reason: expect.stringMatching(/ENOENT/) as string })
  })
})

describe('npm start stays with Electron', withScripts, () => {
  test.each([
    ['that was closed', `${opens}; setTimeout(() => process.exit(0), 50)`, 0],
    ['that failed after its window was open', `${opens}; setTimeout(() => process.exit(3), 50)`, 3],
    ['that only pointed to a lab that is open already', 'process.exit(0)', 0]
  ])('%s', async (_name, script, exitCode) => {
    expect(await launch(script)).toEqual({ exitCode })
  })
})

describe('programs that users start themselves', () => {
  test.each([
    ['20.20.2', false],
    ['24.8.9', false],
    ['24.9.0', true],
    ['24.21.0', true],
    ['25.0.0', true],
    ['100.0.0-nightly', true]
  ])('know whether Node %s runs the lab: %s', (version, fits) => {
    expect(isAtLeast(version, oldestNode)).toBe(fits)
  })

  test.each(['cli', 'server'])('%s runs under the Node that the lab brings where its own is too old', (host) => {
    // An older Node, played by this one under an older name: the switch must come before anything native is loaded.
    const entry = join(import.meta.dirname, `../../src/main/hosts/${host}/index.ts`)
    const script = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' })
      process.execPath = '/usr/bin/node'
      process.argv.splice(1, 1, ${JSON.stringify(entry)})
      await import(${JSON.stringify(entry)})`
    const options = host === 'cli' ? ['--version'] : ['--no-such-option']
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', script, '--', 'x', ...options],
      { encoding: 'utf8' }
    )
    expect(ownNode()).not.toBeNull()
    if (host === 'cli') expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    else expect(stderr).toMatch(/no-such-option/)
  })
})
