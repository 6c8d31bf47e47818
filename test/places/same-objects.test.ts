import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Objects } from '../../src/main/places/agent/objects.ts'
import { Random } from '../../src/main/random/random.ts'
import { newHome } from '../hosts/fixture.ts'

/** As a lab sends a file: piece by piece from what is there, and once more from the start where it did not arrive whole. */
async function send(objects: Objects, content: Buffer, sha256: string, pause: () => Promise<void>): Promise<boolean> {
  let offset = objects.missing([{ sha256, bytes: content.length }])[0]?.have ?? content.length
  for (let attempt = 0; attempt < 3; attempt++) {
    while (offset < content.length) {
      await pause()
      offset = (await objects.put(sha256, offset, content.subarray(offset, offset + 1000))).have
    }
    await pause()
    if ((await objects.seal(sha256, content.length)).whole) return true
    offset = 0
  }
  return false
}

test.each([1, 2, 3, 4, 5, 6])(
  'labs that send the same to one place at once all find it whole (order %i)',
  async (seed) => {
    const folder = newHome()
    const random = new Random(seed)
    const pause = async () => {
      for (let turns = Math.floor(random.uniform() * 4); turns > 0; turns--) await new Promise(setImmediate)
    }
    for (const bytes of [0, 700, 9500]) {
      const content = Buffer.from(Array.from({ length: bytes }, () => Math.floor(random.uniform() * 256)))
      const sha256 = createHash('sha256').update(content).digest('hex')
      const labs = Array.from({ length: 4 }, () => send(new Objects(folder), content, sha256, pause))
      expect(await Promise.all(labs)).toEqual([true, true, true, true])
      expect(readFileSync(join(folder, sha256)).equals(content)).toBe(true)
      await new Objects(folder).seal(sha256, bytes)
      expect(existsSync(join(folder, `${sha256}.part`))).toBe(false)
    }
  }
)
