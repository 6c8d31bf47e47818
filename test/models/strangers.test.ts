import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadEngine } from '../../src/main/engine/load.ts'
import { projectFolder } from '../../src/main/hosts/project.ts'

/** Model folders as people have them: each is read, or refused with the file's name. */

const weights = 'model.safetensors'
const edit = (folder: string, file: string, change: (value: unknown) => unknown): void => {
  const path = join(folder, file)
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))))
}
const module =
  (path: string, type: string) =>
  (folder: string): void =>
    edit(folder, 'modules.json', (list) => [...(list as object[]), { idx: 9, name: '9', path, type }])

const cases: [string, 'model' | 'encoder', (folder: string) => void, RegExp | null][] = [
  [
    'nulls in the configuration',
    'model',
    (folder) =>
      edit(folder, 'config.json', (config) => ({
        ...(config as object),
        ...{ num_beams: null, no_repeat_ngram_size: null, decoder_start_token_id: null, forced_bos_token_id: null },
        ...{ max_length: null, torch_dtype: null, id2label: null }
      })),
    null
  ],
  [
    'a byte order mark before the configuration',
    'model',
    (folder) => {
      const path = join(folder, 'config.json')
      writeFileSync(path, `\ufeff${readFileSync(path, 'utf8')}`)
    },
    null
  ],
  [
    'parts without their index',
    'model',
    (folder) => renameSync(join(folder, weights), join(folder, 'model-00001-of-00002.safetensors')),
    /in parts \(model-00001-of-00002.safetensors\), but not their index \(model.safetensors.index.json\)/
  ],
  [
    'an index that names a part which is not there',
    'model',
    (folder) => {
      renameSync(join(folder, weights), join(folder, 'model-00001-of-00002.safetensors'))
      const weight_map = {
        'model.shared.weight': 'model-00001-of-00002.safetensors',
        final_logits_bias: 'model-00002-of-00002.safetensors'
      }
      writeFileSync(join(folder, `${weights}.index.json`), JSON.stringify({ metadata: {}, weight_map }))
    },
    /model-00002-of-00002.safetensors cannot be opened/
  ],
  [
    'weights of no bytes',
    'model',
    (folder) => writeFileSync(join(folder, weights), ''),
    /model.safetensors: it has 0 bytes/
  ],
  [
    'no limit of a sentence',
    'encoder',
    (folder) => edit(folder, 'sentence_bert_config.json', () => ({ max_seq_length: null })),
    null
  ],
  [
    'no folder of the pooling',
    'encoder',
    (folder) => rmSync(join(folder, '1_Pooling'), { recursive: true }),
    /1_Pooling\/config.json is missing/
  ],
  ['vectors of length one', 'encoder', module('9_Normalize', 'sentence_transformers.models.Normalize'), null],
  [
    'a dense layer that is not there',
    'encoder',
    module('9_Dense', 'sentence_transformers.models.Dense'),
    /9_Dense\/config.json is missing/
  ],
  ['a module of one’s own', 'encoder', module('', 'mine.Module'), /the module mine.Module at "" is not supported/]
]

test.each(cases)('%s', async (_, which, change, refused) => {
  const folder = mkdtempSync(join(tmpdir(), 'recross-model-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(join(projectFolder(), 'data', 'demo', which), folder, { recursive: true })
  change(folder)
  const opened = loadEngine({ folder, provider: 'cpu', threads: 1 })
  if (refused) return expect(opened).rejects.toThrow(refused)
  await (await opened).close()
})
