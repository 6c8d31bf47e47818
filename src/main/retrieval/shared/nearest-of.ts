import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { neighbourLibrary } from '../../../../native/index.ts'
import { removeInside } from '../../files/remove.ts'
import { searchByDot } from '../dot-search.ts'
import { readVector } from './copy-format.ts'

/**
 * The `k` nearest of a few rows, by the lab's own search: its arithmetic, and of rows that are equally near the earlier one first. So
 * what a server finds comes in the order, and with the distances, of an index on this computer.
 */
export async function nearestOf(
  found: readonly { row: number; sent: Uint8Array }[],
  query: Float32Array,
  k: number,
  similarity: 'distance' | 'dot'
): Promise<{ row: number; distance: number }[]> {
  if (found.length === 0) return []
  const dimension = query.length
  const byRow = found.toSorted((a, b) => a.row - b.row)
  const vectors = new Float32Array(byRow.length * dimension)
  for (const [at, { sent }] of byRow.entries()) readVector(sent, dimension, vectors, at * dimension)
  const folder = await mkdtemp(join(tmpdir(), 'recross-near-'))
  try {
    const path = join(folder, 'vectors.f32')
    await writeFile(path, new Uint8Array(vectors.buffer), { mode: 0o600 })
    const open = neighbourLibrary().openVectors(path, byRow.length, dimension, 'fp32')
    try {
      const { rows, distances, counts } =
        similarity === 'dot' ? searchByDot(open, query, k, null) : await open.search(query, k, { threads: 1 })
      return Array.from({ length: counts[0]! }, (_, place) => ({
        row: byRow[rows[place]!]!.row,
        distance: distances[place]!
      }))
    } finally {
      open.close()
    }
  } finally {
    await removeInside(dirname(folder), folder)
  }
}
