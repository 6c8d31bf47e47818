/** Small files of a model folder, wherever they may stand: what comes out is what Transformers and sentence-transformers make of them. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadEngine } from '../../src/main/engine/load.ts'
import type { EmbedOptions } from '../../src/main/engine/engine.ts'
import { loadTokenizer } from '../../src/main/models/tokenizers/load.ts'
import { writeSafetensors } from '../../src/main/models/weights/write-safetensors.ts'
import { relativeError } from '../oracle/golden.ts'

const home = join(import.meta.dirname, '../oracle/folders')

interface Variant {
  base: string
  name: string
  files: Record<string, unknown>
}
interface Goldens {
  texts: string[]
  lines: string[]
  tokens: (Variant & { ids: number[][] })[]
  generated: (Variant & { answers: number[][] })[]
  vectors: (Variant & {
    dense: Record<string, number[]> | null
    usual: number[][]
    query: number[][]
    passage: number[][]
  })[]
}
const goldens = JSON.parse(readFileSync(join(home, 'variants.json'), 'utf8')) as Goldens

let root: string
let made = 0
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lab-folders-'))
})
afterAll(() => rmSync(root, { recursive: true }))

function folderOf({ base, files }: Variant): string {
  const folder = join(root, String(made++))
  cpSync(join(home, base), folder, { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    if (content === 'whole') cpSync(join(home, `${base}-tokenizer.json`), path)
    else writeFileSync(path, JSON.stringify(content))
  }
  return folder
}

describe('ids', () => {
  test.each(goldens.tokens)('$name', async (variant) => {
    const tokenizer = await loadTokenizer(folderOf(variant))
    const found = goldens.lines.map((line) => [line, tokenizer.encode(line)])
    expect(found).toEqual(goldens.lines.map((line, index) => [line, variant.ids[index]]))
  })
})

describe('answers', () => {
  test.each(goldens.generated)('$name', async (variant) => {
    const engine = await loadEngine({ folder: folderOf(variant), provider: 'cpu', threads: 1 })
    const answers: number[][] = []
    const limits = JSON.stringify(variant.files).includes('max_length') ? {} : { maxNewTokens: 12 }
    for await (const { index, tokenIds } of engine.generate(goldens.texts, { maxInputTokens: 40, ...limits })) {
      answers[index] = [...tokenIds]
    }
    await engine.close()
    const pad = 1
    expect(answers).toEqual(variant.answers.map((ids) => ids.filter((id, at) => id !== pad || at < 1)))
  })
})

describe('vectors', () => {
  test.each(goldens.vectors)('$name', async (variant) => {
    const folder = folderOf(variant)
    if (variant.dense) {
      const tensors = Object.entries(variant.dense).map(([name, values]) => ({
        ...{ name, dtype: 'F32' as const, shape: name.endsWith('weight') ? [5, 16] : [5] },
        data: () => Float32Array.from(values)
      }))
      await writeSafetensors(join(folder, '2_Dense', 'model.safetensors'), tensors, {})
    }
    const engine = await loadEngine({ folder, provider: 'cpu', threads: 1 })
    const embed = async (options: EmbedOptions): Promise<number[]> => {
      const rows: number[][] = []
      for await (const { indices, vectors } of engine.embed(goldens.texts, options)) {
        const width = vectors.length / indices.length
        indices.forEach((index, row) => (rows[index] = [...vectors.subarray(row * width, (row + 1) * width)]))
      }
      return rows.flat()
    }
    expect(relativeError(await embed({}), variant.usual.flat())).toBeLessThan(1e-5)
    expect(relativeError(await embed({ as: 'query' }), variant.query.flat())).toBeLessThan(1e-5)
    expect(relativeError(await embed({ as: 'passage' }), variant.passage.flat())).toBeLessThan(1e-5)
    await engine.close()
  })
})
