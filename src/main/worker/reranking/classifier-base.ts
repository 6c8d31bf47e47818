import { copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { removeInside } from '../../files/remove.ts'
import { readConfig } from '../../models/config.ts'
import { classifierClass } from '../../models/create.ts'
import { tokenizerFiles } from '../../models/tokenizers/files.ts'

/**
 * Makes a folder from which a pair classifier of two classes is trained: an encoder's weights and tokenizer under the config of
 * a classifier, whose head begins with initial values; a pair classifier as it is.
 * @throws LabError `wrong-role`, `wrong-labels`
 */
export async function makeClassifierBase(from: string, to: string): Promise<void> {
  const config = await readConfig(from)
  if (config.role === 'seq2seq') {
    throw new LabError(
      'wrong-role',
      'A reranker reads two texts at once, which takes an encoder (BERT, RoBERTa, MPNet, DistilBERT). Choose a sentence encoder or a pair classifier to start from, not a base model.',
      { details: { folder: from, role: config.role } }
    )
  }
  if (config.role === 'pair-classifier' && config.labels > 2) throw wrongLabels(from, config.labels)
  await removeInside(dirname(to), to)
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from)) {
    if (/\.(safetensors|bin)$|\.index\.json$/.test(name))
      await cp(join(from, name), join(to, name), { dereference: true })
    else if (tokenizerFiles.some((file) => file === name)) await copyFile(join(from, name), join(to, name))
  }
  const raw = JSON.parse(await readFile(join(from, 'config.json'), 'utf8')) as Record<string, unknown>
  const fields =
    config.role === 'pair-classifier'
      ? raw
      : {
          ...raw,
          architectures: [classifierClass(raw['model_type'] as string)],
          id2label: { '0': 'other', '1': 'useful' },
          label2id: { other: 0, useful: 1 }
        }
  await writeFile(join(to, 'config.json'), `${JSON.stringify(fields, null, 2)}\n`)
}

/**
 * Of three classes nobody has said which is useful: an NLI model is no reranker.
 * @throws LabError `wrong-labels`
 */
export async function requireTwoClasses(folder: string): Promise<void> {
  const config = await readConfig(folder)
  if (config.role === 'pair-classifier' && config.labels > 2) throw wrongLabels(folder, config.labels)
}

function wrongLabels(folder: string, labels: number): LabError {
  return new LabError(
    'wrong-labels',
    `The classifier in ${folder} tells ${labels} classes apart. A reranker has one or two: how useful the second text is for the first. Choose another model.`,
    { details: { folder, labels } }
  )
}
