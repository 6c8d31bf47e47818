import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../../contract/error.ts'
import { refuseLfsPointer } from '../../files/lfs-pointer.ts'
import { damaged } from './source.ts'

const shardIndex = z.object({ weight_map: z.record(z.string(), z.string()) })

/** An index has a line per tensor; far beyond any real one. */
const largestIndex = 64 * 1024 * 1024

/**
 * Reads `*.index.json`: which file beside it holds which tensor. A shard is a plain file name; anything that could lead
 * out of the folder is refused.
 * @returns path of the file by tensor name
 * @throws LabError `checkpoint-damaged`, `git-lfs-pointer`
 */
export async function readShardIndex(path: string): Promise<Map<string, string>> {
  refuseLfsPointer(path)
  const { size } = await stat(path)
  if (size > largestIndex) throw damaged(path, `an index of ${size} bytes is not plausible`)
  let parsed: unknown
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw damaged(path, `it is not JSON (${messageOf(cause)})`)
  }
  const checked = shardIndex.safeParse(parsed)
  if (!checked.success) throw damaged(path, 'it has no "weight_map" from tensor names to file names')
  const folder = dirname(path)
  const placed = new Map<string, string>()
  for (const [name, file] of Object.entries(checked.data.weight_map)) {
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*\.(safetensors|bin)$/.test(file)) {
      throw damaged(
        path,
        `tensor "${name}" is said to be in ${JSON.stringify(file)}, which is not the name of a weights file`,
        'A shard lies beside its index and ends in .safetensors or .bin. Do not use this model unless you trust its source.',
        { tensor: name, shard: file }
      )
    }
    placed.set(name, join(folder, file))
  }
  if (placed.size === 0) throw damaged(path, 'its "weight_map" is empty')
  return placed
}
