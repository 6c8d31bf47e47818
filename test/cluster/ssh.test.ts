import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { projectFolder } from '../../src/main/hosts/project.ts'
import { newHome, openLab, untilJob } from '../hosts/fixture.ts'
import { needs } from '../needs.ts'
import { wholeExperiment } from '../places/experiment-at-a-place.ts'
import { makeTinyWorld } from '../worker/tiny-world.ts'
import { sshd, startSshd } from './sshd.ts'

const built = existsSync(join(projectFolder(), 'out/main/place-agent.js'))
const reason = !existsSync(sshd) ? 'no sshd; apt-get install openssh-server openssh-client' : 'not built; npm run build'

test(
  'through ssh: host keys are checked, the bundle goes over once, and jobs run from it',
  { ...needs(existsSync(sshd) && built, reason) },
  async () => {
    const server = await startSshd(newHome())
    onTestFinished(() => server.stop())
    const { config, known, hostKey } = server
    const lab = await openLab({ places: { pollMilliseconds: 200, retryMilliseconds: 300, gatherMilliseconds: 20 } })
    const root = newHome()
    const settings = { name: 'box', kind: 'process' as const, ssh: 'test-place', sshConfig: config, folder: root }
    const { id: place } = await lab.client.places.add(settings)

    const unknown = await lab.client.places.check({ id: place })
    expect(unknown.steps.at(-1)?.found).toContain('is not known to this computer')
    const other = hostKey.replace(/ssh-ed25519 \S+/, `ssh-ed25519 ${readOther()}`)
    writeFileSync(known, other)
    const changed = await lab.client.places.check({ id: place })
    expect(changed.steps.at(-1)?.found).toContain('shows another host key than before')

    writeFileSync(known, hostKey)
    const check = await lab.client.places.check({ id: place })
    expect(check, JSON.stringify(check.steps)).toMatchObject({ works: true })
    const { id } = await lab.client.jobs.selfTest({ steps: 5, milliseconds: 20, fail: 'no', place })
    expect(await untilJob(lab, id, 'finished', 'failed', 'crashed')).toMatchObject({ status: 'finished', error: null })
    // Its own Node and programs, and not those of this checkout.
    const { pid } = JSON.parse(readFileSync(join(root, 'jobs', id, 'process.json'), 'utf8')) as { pid: number }
    expect(pid).toBeGreaterThan(0)
    const [bundle] = execFileSync('ls', [join(root, 'bundle')], { encoding: 'utf8' })
      .trim()
      .split('\n')
    expect(bundle).toMatch(/^[0-9a-f]{32}$/)

    /** The key of another server, in the form of known_hosts. */
    function readOther(): string {
      const path = join(newHome(), 'other')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path])
      return readFileSync(`${path}.pub`, 'utf8').split(' ')[1]!
    }
  }
)

test(
  'through ssh: a whole experiment with its index, over a connection that breaks, equals the local one bit for bit',
  { timeout: 240_000, ...needs(existsSync(sshd) && built, reason) },
  async () => {
    const server = await startSshd(newHome())
    onTestFinished(() => server.stop())
    const { config, known, hostKey } = server
    appendFileSync(known, hostKey)
    const world = await makeTinyWorld()
    onTestFinished(() => world.remove())
    const here = await wholeExperiment(await openLab(), world, null)
    const lab = await openLab({ places: { pollMilliseconds: 200, retryMilliseconds: 300, gatherMilliseconds: 20 } })
    const root = newHome()
    // Half of one input is there from an attempt that was cut off, and of another something else altogether.
    const contents = ['model.safetensors', 'tokenizer.json'].map((name) => readFileSync(join(world.model, name)))
    mkdirSync(join(root, 'objects'), { mode: 0o700 })
    const objects = contents.map((content) => join(root, 'objects', createHash('sha256').update(content).digest('hex')))
    writeFileSync(`${objects[0]}.part`, contents[0]!.subarray(0, contents[0]!.length >> 1))
    writeFileSync(`${objects[1]}.part`, 'something else')
    let losses = 0
    const breaking = setInterval(() => {
      if (losses < 2 && readdirSync(join(root, 'objects')).length > 2 + losses && breakConnection(config)) losses++
    }, 400)
    onTestFinished(() => clearInterval(breaking))
    const settings = {
      name: 'box',
      kind: 'process' as const,
      ssh: 'test-place',
      sshConfig: config,
      folder: root,
      atOnce: 2
    }
    const there = await wholeExperiment(lab, world, settings, { indexThere: true })
    clearInterval(breaking)
    expect(losses).toBeGreaterThan(0)
    expect(there.jobs.flatMap(({ error }) => error?.message ?? [])).toEqual([])
    expect(there.answers).toEqual(here.answers)
    expect(there.scores).toEqual(here.scores)
    const placed = there.jobs.filter(({ kind }) => kind !== 'leak-check')
    expect(placed.map(({ place }) => place)).toEqual(placed.map(() => there.placeId))
    for (const [at, object] of objects.entries()) expect(readFileSync(object).equals(contents[at]!)).toBe(true)
    // What was made there did not go back there, and nothing there can be read by others.
    expect(readdirSync(join(root, 'objects')).filter((name) => name.endsWith('.part'))).toEqual([])
    for (const name of ['objects', 'jobs', 'bundle']) expect(statSync(join(root, name)).mode & 0o077).toBe(0)
  }
)

/** Ends the ssh processes that speak by this configuration, as a network that goes away does. Says whether there was one. */
function breakConnection(config: string): boolean {
  const own = readdirSync('/proc').filter((pid) => {
    try {
      const words = readFileSync(join('/proc', pid, 'cmdline'), 'utf8').split('\0')
      return words[0] === 'ssh' && words.includes(config) && words.some((word) => word.endsWith('place-agent.js'))
    } catch {
      return false
    }
  })
  for (const pid of own) process.kill(Number(pid), 'SIGKILL')
  return own.length > 0
}
