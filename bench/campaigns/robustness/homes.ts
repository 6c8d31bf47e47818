import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import { Lab } from '../../../src/main/hosts/lab.ts'
import { messageOf } from '../../../src/main/contract/error.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import { installTinyWorld } from '../../../test/features/experiments/tiny-lab.ts'
import { makeTinyWorld } from '../../../test/worker/tiny-world.ts'
import { contentsOf, finish, interrupt, namesHome, newFolder, open, ways, worksOf } from './homes-elsewhere.ts'
import type { RobustnessPart } from './part.ts'

/** Homes that are copied, moved and renamed while something in them is half done. */
export const part: RobustnessPart = {
  name: 'homes elsewhere',
  async run(report, { short }) {
    const folder = mkdtempSync(join(tmpdir(), 'recross-campaign-homes-'))
    const world = await makeTinyWorld()
    const tried: string[] = []
    const wrong: string[] = []
    try {
      for (const [name, work] of Object.entries(worksOf(world)).slice(0, short ? 1 : undefined)) {
        const whole = await open(newFolder(folder))
        await installTinyWorld(whole, world)
        await whole.close()
        const interrupted = join(newFolder(folder), 'home')
        cpSync(whole.home.path, interrupted, { recursive: true })
        const expected = await finish(whole.home.path, work, true)
        await interrupt(interrupted, work)
        for (const way of short ? ['copied'] : Object.keys(ways)) {
          tried.push(`${name} ${way}`)
          const problem = await elsewhere(interrupted, way, folder, (home) => finish(home, work), expected)
          if (problem !== null) wrong.push(`${name} ${way}: ${problem}`)
        }
      }
    } finally {
      world.remove()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    }
    report({
      name: 'homes that were taken elsewhere half-way',
      value: tried.length,
      unit: 'homes',
      aim: null,
      holds: null
    })
    report({
      name: 'of these: lost, changed or at work in the original',
      value: wrong.length,
      unit: 'homes',
      aim: '0',
      holds: wrong.length === 0,
      ...(wrong.length === 0 ? {} : { detail: wrong.join('; ') })
    })
  }
}

async function elsewhere(
  interrupted: string,
  way: string,
  folder: string,
  finished: (home: string) => Promise<unknown>,
  expected: unknown
): Promise<string | null> {
  const home = join(newFolder(folder), 'home')
  cpSync(interrupted, home, { recursive: true, preserveTimestamps: true })
  const { there, original } = await ways[way]!(home, newFolder(folder))
  const lab =
    original === null
      ? null
      : await Lab.open({ host: 'cli', workers: forkStarter(workerEntry()), home: original, jobs: { onlyOwn: true } })
  try {
    const before = original === null ? null : contentsOf(original)
    if (!isDeepStrictEqual(await finished(there), expected)) return 'other numbers'
    if (namesHome(there, home).length > 0) return 'a path of the home is kept'
    if (original === null) return existsSync(home) ? 'the old place was made again' : null
    return isDeepStrictEqual(contentsOf(original), before) ? null : 'the original has changed'
  } catch (error) {
    return messageOf(error)
  } finally {
    await lab?.close()
  }
}
