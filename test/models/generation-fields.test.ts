import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadEngine } from '../../src/main/engine/load.ts'
import { readGenerationConfig } from '../../src/main/models/generation-config.ts'

/**
 * Every field that Transformers 5 has in GenerationConfig, as the oracle lists them, set to something that is not its default
 * (test/oracle/generation_fields.py): the ids are Transformers', or the field is refused by its name.
 */
const home = join(import.meta.dirname, '../oracle/folders')
interface Case {
  field: string
  files: Record<string, unknown>
  /** Null where Transformers itself refuses the setting for this model, or draws at random. */
  answers: number[][] | null
  /** Without the setting. */
  plain: number[][] | null
}
const { fields, cases } = JSON.parse(readFileSync(join(home, 'generation-fields.json'), 'utf8')) as {
  fields: string[]
  cases: Case[]
}
const { texts } = JSON.parse(readFileSync(join(home, 'variants.json'), 'utf8')) as { texts: string[] }

/** What Transformers does not do with this model or without a program beside it, and what nobody's answers hang on. */
const elsewhere = ['assistant_early_exit', 'compile_config', 'is_assistant', 'use_mtp']

function folderWith(files: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-generation-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(join(home, 'bart'), folder, { recursive: true })
  writeFileSync(join(folder, 'generation_config.json'), JSON.stringify(files))
  return folder
}

async function answersOf(folder: string, files: object): Promise<number[][]> {
  const engine = await loadEngine({ folder, provider: 'cpu', threads: 1 })
  const answers: number[][] = []
  const limits = 'max_length' in files || 'max_new_tokens' in files ? {} : { maxNewTokens: 12 }
  for await (const { index, tokenIds } of engine.generate(texts, { maxInputTokens: 40, ...limits }))
    answers[index] = [...tokenIds]
  await engine.close()
  return answers
}

const trimmed = (rows: number[][]): number[][] => rows.map((ids) => ids.filter((id, at) => id !== 1 || at < 1))

test('the list is whole', () => {
  expect(cases.map(({ field }) => field).sort()).toEqual(fields)
  // Most settings that are followed do change these answers: a test of what changes nothing would say nothing.
  const changed = cases.filter(({ answers, plain }) => answers && JSON.stringify(answers) !== JSON.stringify(plain))
  expect(changed.length).toBeGreaterThan(18)
})

test.each(cases)('$field', async ({ field, files, answers, plain }) => {
  const folder = folderWith(files)
  const notes: string[] = []
  const refused = await readGenerationConfig(folder, notes).then(
    () => null,
    (thrown: unknown) => thrown as Error & { code: string }
  )
  expect(notes.filter((note) => note.includes('not known'))).toEqual([])
  if (refused) {
    expect(refused.code).toBe('model-setting-unsupported')
    // Groups of beams are three fields of one thing.
    const same = ['diversity_penalty', 'num_beam_groups'].includes(field)
      ? ['diversity_penalty', 'num_beam_groups']
      : [field]
    expect(same.some((name) => refused.message.includes(`"${name}"`))).toBe(true)
    expect(
      JSON.stringify(answers) === JSON.stringify(plain) &&
        field !== 'renormalize_logits' &&
        plain !== null &&
        answers !== null
    ).toBe(false)
    return
  }
  if (answers === null) {
    if (field === 'do_sample') expect(notes.join('\n')).toContain('do_sample')
    else expect(elsewhere).toContain(field)
  }
  expect(await answersOf(folder, files)).toEqual(trimmed((answers ?? plain)!))
})
