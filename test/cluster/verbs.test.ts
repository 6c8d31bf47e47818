import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { jobKinds, jobPolicies, type Job, type JobKind } from '../../src/main/contract/jobs.ts'
import { projectFolder } from '../../src/main/hosts/project.ts'
import type { AddOptions } from '../../src/main/jobs/options.ts'
import { leaves, quietProgram } from '../hosts/cli-commands.ts'
import { newHome, openLab } from '../hosts/fixture.ts'
import { computing, everyVerb, installAll, onlyTelling } from '../places/every-verb.ts'
import { makeTinyWorld } from '../worker/tiny-world.ts'
import { makeToySupervision } from '../worker/toy-supervision.ts'
import { startSlurm } from './cluster.ts'
import { sshd, startSshd } from './sshd.ts'

const built = existsSync(join(projectFolder(), 'out/main/place-agent.js'))
const cluster = existsSync(sshd) && built ? await startSlurm() : 'no sshd, or not built'
afterAll(() => (typeof cluster === 'string' ? undefined : cluster.stop()))
const places = { pollMilliseconds: 200, retryMilliseconds: 300, gatherMilliseconds: 50 }
const elsewhere = jobKinds.filter((kind) => jobPolicies[kind].elsewhere)

/** As users of a cluster reach it: Slurm behind SSH; where one of them is missing, a folder of this computer. */
async function somewhere() {
  if (typeof cluster === 'string') return { name: 'beside', kind: 'process' as const, folder: newHome(), atOnce: 2 }
  const server = await startSshd(newHome(), { SLURM_CONF: process.env['SLURM_CONF']! })
  onTestFinished(() => server.stop())
  writeFileSync(server.known, server.hostKey)
  const reached = { ssh: 'test-place', sshConfig: server.config, folder: newHome() }
  return { name: 'campus', kind: 'slurm' as const, ...reached, atOnce: 2 }
}

test('every command that takes a place is one of those that are run at a place here', () => {
  const taking = leaves(quietProgram()).filter(({ command }) =>
    command.options.some(({ long }) => long === '--place' || long === '--index-place')
  )
  expect(taking.map(({ path }) => path.join(' ')).sort()).toEqual([...computing, ...onlyTelling].sort())
})

test('every command at a place gives what it gives here, by hash; every kind of job that may go there went', async () => {
  const [world, toy] = [await makeTinyWorld(), await makeToySupervision({ rows: 24 })]
  onTestFinished(() => (world.remove(), toy.remove()))
  const home = await installAll(await openLab(), world, toy)
  const lab = await installAll(await openLab({ places }), world, toy)
  // Side by side: a cluster is waited for more than it computes.
  const [here, there] = await Promise.all([everyVerb(home, null), everyVerb(lab, await somewhere())])
  const names = [
    'mining Pairs',
    'mining Round 1',
    'model Judge',
    'model Near',
    'model Round 0',
    'model Round 1',
    'runs of Runs'
  ]
  expect(Object.keys(here.made)).toEqual(expect.arrayContaining(names))
  expect(Object.keys(here.made).filter((name) => name.startsWith('index')).length).toBe(3)
  expect(Object.values(here.made)).not.toContain('')
  expect(there.made).toEqual(here.made)
  expect(here.placed).toEqual([])
  expect(there.placed).toEqual(elsewhere.filter((kind) => kind !== 'self-test').sort())
})

test('work of this computer is refused by name where somebody wants it at a place', async () => {
  const { jobs } = (await openLab()).services
  // What it would be asked with is not looked at.
  const add: (kind: JobKind, input: never, options: AddOptions) => Job = jobs.add.bind(jobs)
  const here = jobKinds.filter((kind) => !jobPolicies[kind].elsewhere)
  expect(here.length).toBeGreaterThan(5)
  for (const kind of here)
    expect(() => void Reflect.apply(add, null, [kind, {}, { title: 'Work', place: 'campus' }])).toThrow(
      `Jobs of the kind "${kind}" compute on this computer only`
    )
})
