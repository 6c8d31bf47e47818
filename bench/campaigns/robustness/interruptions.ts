import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { messageOf } from '../../../src/main/contract/error.ts'
import { Random } from '../../../src/main/random/random.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { canMakeDisks, makeSmallDisk } from '../../../test/files/small-disk.ts'
import { installTinyWorld } from '../../../test/features/experiments/tiny-lab.ts'
import { makeTinyWorld, type TinyWorld } from '../../../test/worker/tiny-world.ts'
import { finish, open, longWorksOf, type Work } from './homes-elsewhere.ts'
import type { RobustnessPart } from './part.ts'

/** Every kind of work. */
const all = Infinity

/** Larger than what must be free for a job to go on. */
const megabytes = 280

/** Workers that are killed at random moments of an import, a run and the building of an index. */
export const kills: RobustnessPart = {
  name: 'kills',
  run: (report, { short }) =>
    attacked('kills', short ? 1 : 20, short ? 1 : all, report, tmpdir(), async (lab, random, seconds) => {
      await sleep(random.uniform() * seconds * 1000)
      for (const { pid, busy } of lab.pool.workers()) if (busy && pid !== undefined) process.kill(pid, 'SIGKILL')
    })
}

/** A disk without any room at random moments of the same. */
export const fullDisks: RobustnessPart = {
  name: 'full disks',
  async run(report, { short }) {
    if (!canMakeDisks) {
      const detail = 'left out: small disks need root on Linux'
      report({ name: 'full disks', value: 0, unit: 'fillings', aim: null, holds: null, detail })
      return
    }
    const disk = makeSmallDisk(megabytes)
    try {
      await attacked(
        'full disks',
        short ? 1 : 20,
        short ? 1 : all,
        report,
        disk.path,
        async (_lab, random, seconds) => {
          await sleep(random.uniform() * seconds * 700)
          disk.fill()
          await sleep(500 + random.uniform() * 1500)
          disk.free()
        }
      )
    } finally {
      disk.remove()
    }
  }
}

async function attacked(
  name: string,
  times: number,
  kinds: number,
  report: Parameters<RobustnessPart['run']>[0],
  place: string,
  attack: (lab: Lab, random: Random, seconds: number) => Promise<void>
): Promise<void> {
  const folder = mkdtempSync(join(place, 'recross-campaign-'))
  const world = await makeTinyWorld()
  const wrong: string[] = []
  let attacks = 0
  try {
    for (const [kind, work] of Object.entries(longWorksOf(world)).slice(0, kinds)) {
      const base = await withWorld(join(folder, `${kind}-base`), world)
      const whole = join(folder, `${kind}-whole`)
      cpSync(base, whole, { recursive: true })
      const expected = await finish(whole, work, true)
      for (let time = 0; time < times; time++) {
        const home = join(folder, `${kind}-${time}`)
        cpSync(base, home, { recursive: true })
        const problem = await once(home, work, expected, (lab) =>
          attack(lab, new Random(`${name} ${kind} ${time}`), work.seconds)
        )
        attacks++
        if (problem !== null) wrong.push(`${kind}, ${time}: ${problem}`)
        rmSync(home, { recursive: true, force: true })
      }
      const lost = wrong.filter((problem) => problem.startsWith(`${kind},`))
      report({
        name: `${name}: ${kind}`,
        value: times,
        unit: 'attacks',
        aim: null,
        holds: null,
        detail: [`${lost.length} lost`, ...lost].join('; ').slice(0, 2000)
      })
    }
  } finally {
    world.remove()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
  report({ name, value: attacks, unit: 'attacks', aim: null, holds: null })
  report({
    name: `${name}: lost or changed`,
    value: wrong.length,
    unit: 'results',
    aim: '0',
    holds: wrong.length === 0,
    ...(wrong.length === 0 ? {} : { detail: wrong.join('; ') })
  })
}

async function withWorld(home: string, world: TinyWorld): Promise<string> {
  const lab = await open(home)
  await installTinyWorld(lab, world)
  await lab.close()
  return home
}

/** Starts the work, attacks it, tries again what ended badly as a user would, and compares what comes of it. */
async function once(
  home: string,
  work: Work,
  expected: unknown,
  attack: (lab: Lab) => Promise<void>
): Promise<string | null> {
  try {
    const lab = await open(home)
    try {
      await work.start(lab)
      await attack(lab)
      await sleep(300)
      for (const job of lab.services.store.jobs.withStatus('crashed', 'failed')) lab.services.jobs.retry(job.id)
    } finally {
      await lab.close()
    }
    return isDeepStrictEqual(await finish(home, work), expected) ? null : 'other numbers'
  } catch (error) {
    return messageOf(error)
  }
}
