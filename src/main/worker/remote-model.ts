import { basename } from 'node:path'
import type { RemoteFile } from '../data/download/remote-file.ts'
import type { SeenModel } from '../data/download/look-at-hub-model.ts'
import { readModelFolder } from '../models/folder.ts'
import { inputLimit } from '../models/input-limit.ts'
import { locateParameters } from '../models/locate.ts'
import { openModules } from '../models/modules.ts'
import { parameterSize } from '../models/parameters.ts'
import { untiedParameters } from '../models/tied.ts'
import { readSafetensors } from '../models/weights/safetensors.ts'
import type { ByteSource } from '../models/weights/source.ts'
import { readTorch } from '../models/weights/torch.ts'

/**
 * Whether the lab can run a model whose weights have not come yet: its small files are read as they will be, and of the weights the
 * names, types and shapes, by ranges of their files. Gigabytes are not fetched for nothing.
 */
export async function lookAtRemoteModel(folder: string, weights: readonly RemoteFile[]): Promise<SeenModel> {
  const { config, sentence, tokenizer, notes } = await readModelFolder(folder)
  if (sentence) await openModules(folder, sentence.after)
  const shapes = new Map<string, readonly number[]>()
  const unseen: string[] = []
  for (const file of weights) {
    const found = await shapesOf(file)
    if (found === null) unseen.push(basename(file.path))
    for (const [name, shape] of found ?? []) shapes.set(name, shape)
  }
  const about = {
    role: sentence !== null && config.role === 'seq2seq' ? ('encoder' as const) : config.role,
    architecture: config.architecture,
    hiddenSize: config.hiddenSize,
    maxInputTokens: inputLimit(config, sentence, tokenizer),
    notes
  }
  if (unseen.length > 0) return { ...about, parameters: null, tensors: null, unseen }
  const files = weights.map(({ path }) => basename(path))
  // As when it is opened: a classifier may come without its own layers.
  const located = locateParameters(
    config,
    {
      files,
      names: () => [...shapes.keys()],
      has: (name) => shapes.has(name),
      info: (name) => ({ shape: shapes.get(name)! })
    },
    { freshHead: true }
  )
  const parameters = untiedParameters(config, located).reduce((sum, parameter) => sum + parameterSize(parameter), 0)
  return { ...about, parameters, tensors: shapes.size, unseen }
}

/** Null where the server gives no parts of files. */
async function shapesOf(file: RemoteFile): Promise<Map<string, readonly number[]> | null> {
  let whole = true
  const source: ByteSource = {
    file: basename(file.path),
    length: file.bytes,
    async read(target, position) {
      if (!(await file.read(target, position))) {
        whole = false
        throw new Error('no parts')
      }
    }
  }
  const reading = file.path.endsWith('.safetensors') ? readSafetensors(source) : readTorch(source, { shapesOnly: true })
  const { tensors } = await reading.catch((thrown: unknown) => {
    if (!whole) return { tensors: [] }
    throw thrown
  })
  return whole ? new Map(tensors.map(({ name, shape }) => [name, shape])) : null
}
