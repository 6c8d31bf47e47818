import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { finish, worksOf } from '../../bench/campaigns/robustness/homes-elsewhere.ts'
import { installTinyWorld } from '../features/experiments/tiny-lab.ts'
import { needs } from '../needs.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'
import { newHome, openLab } from './fixture.ts'

let world: TinyWorld
let before: number
beforeAll(async () => {
  before = process.umask(0o022)
  world = await makeTinyWorld()
})
afterAll(() => {
  process.umask(before)
  world.remove()
})

/** What others than the owner may do anything with. */
function openToOthers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .concat('.')
    .filter((name) => (lstatSync(join(folder, name)).mode & 0o077) !== 0)
}

test(
  'nothing of a home can be read by others after imports, indices and runs, whatever the umask is',
  { ...needs(process.platform !== 'win32', 'Windows has no modes') },
  async () => {
    const home = newHome()
    const lab = await openLab({ home })
    await installTinyWorld(lab, world)
    expect(openToOthers(home), 'copied in with the modes of somewhere else').not.toEqual([])
    await lab.close()
    // As a user's shell sets it: what the lab does about it is its own.
    process.umask(0o022)
    for (const work of Object.values(worksOf(world))) await finish(home, work, true)
    expect(readdirSync(home, { recursive: true }).length).toBeGreaterThan(40)
    expect(openToOthers(home)).toEqual([])
  }
)

test(
  'what was left open is mended when the home is opened',
  needs(process.platform !== 'win32', 'Windows has no modes'),
  async () => {
    const home = newHome()
    await (await openLab({ home })).close()
    for (const name of readdirSync(home, { recursive: true, encoding: 'utf8' }).concat('.'))
      chmodSync(join(home, name), lstatSync(join(home, name)).isDirectory() ? 0o755 : 0o644)
    await openLab({ home })
    expect(openToOthers(home)).toEqual([])
  }
)
