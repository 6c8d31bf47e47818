import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { messageOf } from '../../../src/main/contract/error.ts'
import { installTinyWorld } from '../../../test/features/experiments/tiny-lab.ts'
import { makeTinyWorld, type TinyWorld } from '../../../test/worker/tiny-world.ts'
import { finish, interrupt, namesHome, newFolder, open, worksOf, type Work } from './homes-elsewhere.ts'
import type { RobustnessPart } from './part.ts'

/** Names that a folder may have and that something may read as more than a name: an address, a pattern, a place of ours. */
const oddNames = [
  '{home}',
  'a #1 home?',
  '100%20 %s %',
  `it's "quoted"`,
  'two\nlines',
  'Ü NFC'.normalize('NFC'),
  'Ü NFD'.normalize('NFD'),
  '家 🏠 بيت',
  'x'.repeat(200),
  '-dash',
  '..two dots',
  'dot.',
  'a;b&c|d$HOME`e`*',
  'co:lon',
  'file:',
  'app.asar',
  'node_modules',
  'datasets'
]

/**
 * Homes at paths that are odd: everything is made there, is found again after the home was given another odd name, and equals
 * what a plain home gives. Data from a file in such a folder come in too.
 */
export const part: RobustnessPart = {
  name: 'homes of odd names',
  async run(report, { short }) {
    const folder = mkdtempSync(join(tmpdir(), 'recross-campaign-odd-'))
    const world = await makeTinyWorld()
    const wrong: string[] = []
    let tried = 0
    const attempt = async (name: string, work: () => Promise<string | null>): Promise<void> => {
      tried++
      const problem = await work().catch(messageOf)
      if (problem !== null) wrong.push(`${JSON.stringify(name)}: ${problem}`)
    }
    try {
      const empty = join(newFolder(folder), 'plain')
      const plain = await open(empty)
      await installTinyWorld(plain, world)
      await plain.close()
      const works = Object.entries(worksOf(world)).slice(0, short ? 1 : undefined)
      for (const [kind, work] of works) {
        const expected = await finish(copyOf(empty, join(newFolder(folder), 'plain')), work, true)
        const names = short ? oddNames.slice(0, 2) : oddNames
        for (const [at, name] of names.entries()) {
          const next = names[(at + 1) % names.length]!
          await attempt(`${kind} in ${name}`, () =>
            oddHome(empty, [join(newFolder(folder), name), join(newFolder(folder), next)], work, expected)
          )
        }
        await attempt(`${kind} behind a link, named with a slash`, async () => {
          const real = copyOf(empty, join(newFolder(folder), 'real'))
          const link = join(newFolder(folder), 'link')
          symlinkSync(real, link)
          return equal(await finish(`${link}/`, work, true), expected)
        })
      }
      for (const name of short ? oddNames.slice(0, 1) : oddNames)
        await attempt(`a file in ${name}`, () => fileFrom(name, folder, world))
    } finally {
      world.remove()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    }
    report({
      name: 'homes of odd names: failed, or other numbers',
      value: wrong.length,
      unit: `of ${tried}`,
      aim: '0',
      holds: wrong.length === 0,
      ...(wrong.length === 0 ? {} : { detail: wrong.join('; ') })
    })
  }
}

/** Begins in a home of the first name, which then gets the second one. */
async function oddHome(
  empty: string,
  [first, second]: [string, string],
  work: Work,
  expected: unknown
): Promise<string | null> {
  await interrupt(copyOf(empty, first), work)
  const wrong = equal(await finish(copyOf(first, second), work), expected)
  if (wrong !== null) return wrong
  return namesHome(second, first).length === 0 ? null : 'a path of the home is kept'
}

/** A file that lies outside the home, in a folder of this name: what is said of its origin afterwards. */
async function fileFrom(name: string, folder: string, world: TinyWorld): Promise<string | null> {
  const outside = join(newFolder(folder), name)
  mkdirSync(outside)
  const file = join(outside, 'rows.jsonl')
  writeFileSync(file, '{"input":"What is 1?","output":"1"}\n{"input":"What is 2?","output":"2"}\n')
  const lab = await open(join(newFolder(folder), 'home'))
  try {
    await installTinyWorld(lab, world)
    await lab.client.data.preview({ file, kind: 'upstream' })
    const job = await lab.client.data.import({ name: 'Numbers', kind: 'upstream', files: [file] })
    const kept = lab.services.store.jobs.get(job.id).input as { files?: string[] }
    return kept.files?.[0] === file ? null : `its path became ${JSON.stringify(kept.files)}`
  } finally {
    await lab.close()
  }
}

function equal(found: unknown, expected: unknown): string | null {
  return isDeepStrictEqual(found, expected) ? null : `other numbers: ${JSON.stringify(found)}`
}

function copyOf(home: string, there: string): string {
  cpSync(home, there, { recursive: true, preserveTimestamps: true })
  return there
}
