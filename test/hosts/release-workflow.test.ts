import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { directX } from '../../scripts/notices.ts'
import { releaseFiles } from '../../scripts/release-files.ts'
import { projectFolder } from '../../src/main/hosts/project.ts'

const root = projectFolder()
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

interface Step {
  if?: string
  name?: string
  uses?: string
  run?: string
  with?: Record<string, unknown>
}
interface Job {
  strategy: { matrix: { include: { system: string; 'runs-on': string; container: string }[] } }
  env: Record<string, string>
  steps: Step[]
}
const workflow = parse(readFileSync(join(root, '.github', 'workflows', 'release.yml'), 'utf8')) as {
  on: object
  permissions: object
  jobs: Record<string, Job>
}
const [job] = Object.values(workflow.jobs)
const commands = job!.steps.flatMap(({ run }) => (run === undefined ? [] : run.trim().split('\n')))

describe('the release workflow', () => {
  test('runs for the three systems, may write nothing, and publishes nothing', () => {
    expect(job!.strategy.matrix.include.map(({ system }) => system)).toEqual(['linux', 'windows', 'macos'])
    expect(workflow.permissions).toEqual({ contents: 'read' })
    expect(commands.join('\n')).not.toMatch(/publish|gh release|curl|upload/)
  })

  test('every command of it is there: scripts of the package, files of the repository, programs of the runner', () => {
    for (const command of commands) {
      const words = command.replace(/^xvfb-run -a /, '').split(/\s+/)
      if (words[0] === 'npm' && words[1] === 'run') expect(Object.keys(manifest.scripts)).toContain(words[2])
      else if (words[0] === 'npm') expect(words).toEqual(['npm', 'ci'])
      else if (words[0] === 'node') expect(existsSync(join(root, words[1]!)), command).toBe(true)
      else expect(words[0]).toBe('apt-get')
    }
    expect(commands.length).toBeGreaterThan(3)
  })

  test('each system tries its app once, and the conditions name systems that there are', () => {
    const systems = job!.strategy.matrix.include.map(({ system }) => system)
    const holds = (step: Step, system: string) => {
      if (step.if === undefined) return true
      const [, is, name] = /^matrix\.system (==|!=) '(\w+)'$/.exec(step.if)!
      expect(systems).toContain(name)
      return (system === name) === (is === '==')
    }
    for (const system of systems) {
      const mine = job!.steps.filter((step) => holds(step, system))
      expect(mine.filter(({ run }) => run?.includes('smoke-test.ts')).length, system).toBe(1)
      expect(mine.some(({ run }) => run?.includes('redistributables.ts'))).toBe(system === 'windows')
    }
  })

  test('names each action with a version, and each expression something that exists', () => {
    for (const { uses } of job!.steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@v\d+$/)
    const text = readFileSync(join(root, '.github', 'workflows', 'release.yml'), 'utf8')
    const matrix = Object.keys(job!.strategy.matrix.include[0]!)
    for (const [, expression] of text.matchAll(/\$\{\{\s*([^}]+?)\s*\}\}/g)) {
      const [of, name = ''] = expression!.split('.')
      if (of === 'matrix') expect(matrix).toContain(name)
      else expect([of, name]).toEqual(['secrets', expect.stringMatching(/^(CSC_|APPLE_API_)/)])
    }
  })

  test('signs with what docs/packaging.md says', () => {
    const docs = readFileSync(join(root, 'docs', 'packaging.md'), 'utf8')
    for (const name of Object.keys(job!.env)) expect(docs).toContain(name)
  })
})

describe('what goes with the installers', () => {
  test('checksums that sha256sum checks, and the list of the release', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recross-release-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'recross-lab-1.0.0-linux-x64.deb'), 'one')
    writeFileSync(join(folder, 'recross-lab-1.0.0-linux-x64.AppImage'), 'two')
    writeFileSync(join(folder, 'builder-debug.yml'), 'not for anybody')
    expect(await releaseFiles(folder)).toBe(2)
    const checked = execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })
    expect(checked.match(/: OK/g)).toHaveLength(2)
    writeFileSync(join(folder, 'recross-lab-1.0.0-linux-x64.deb'), 'other')
    expect(() => execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: folder, stdio: 'ignore' })).toThrow()
  })

  test('terms of Microsoft’s redistributables: an app for Windows without them is refused, by name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'recross-terms-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    expect(() => directX(folder)).toThrow(/directml\.txt.*dxc\.txt.*redistributables\.ts/)
    writeFileSync(join(folder, 'directml.txt'), 'Terms of DirectML')
    expect(() => directX(folder)).toThrow(/dxc\.txt/)
    writeFileSync(join(folder, 'dxc.txt'), 'Terms of DXC')
    expect(directX(folder).texts).toEqual(['Terms of DirectML', 'Terms of DXC'])
  })
})
