import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { removeOwn } from '../../files/remove.ts'
import { openCheckpoint } from '../../models/weights/checkpoint.ts'
import { writeSafetensors } from '../../models/weights/write-safetensors.ts'
import type { Head } from '../../retrieval/head.ts'

const headFolder = 'lab_head'
const moduleType = (name: string): string => `sentence_transformers.models.${name}`

interface Module {
  idx: number
  name: string
  path: string
  type: string
}

/**
 * Makes a folder in the layout of sentence-transformers from a model and a head: the model, its pooling, the head as a dense
 * layer, length 1. Of a base model that is its encoder with mean pooling.
 * @param prefix put before every text, as the index of the vectors did
 */
export async function makeRetrieverFolder(from: string, to: string, head: Head, prefix: string): Promise<void> {
  await cp(from, to, { recursive: true, dereference: true })
  await removeOwn(to, join(to, 'reranker.json'))
  const known = existsSync(join(from, 'modules.json'))
    ? (JSON.parse(await readFile(join(from, 'modules.json'), 'utf8')) as Module[])
    : await meanPooling(to)
  // The head does not see lengths, and brings its own to 1.
  const kept = known.filter(({ type }) => !type.endsWith('.Normalize'))
  const modules = [
    ...kept,
    { path: headFolder, type: moduleType('Dense') },
    { path: `${headFolder}_normalize`, type: moduleType('Normalize') }
  ]
  await writeJson(
    join(to, 'modules.json'),
    modules.map((module, idx) => ({ ...module, idx, name: String(idx) }))
  )
  await mkdir(join(to, headFolder), { recursive: true })
  await writeJson(join(to, headFolder, 'config.json'), {
    in_features: head.inputs,
    out_features: head.outputs,
    bias: false,
    activation_function: 'torch.nn.modules.linear.Identity'
  })
  await writeSafetensors(
    join(to, headFolder, 'model.safetensors'),
    [{ name: 'linear.weight', dtype: 'F32', shape: [head.outputs, head.inputs], data: head.weights }],
    { format: 'pt' }
  )
  const about = join(to, 'config_sentence_transformers.json')
  const before = existsSync(about) ? (JSON.parse(await readFile(about, 'utf8')) as Record<string, unknown>) : {}
  await writeJson(about, {
    ...before,
    similarity_fn_name: 'cosine',
    ...(prefix === '' ? {} : { prompts: { query: prefix, document: prefix }, default_prompt_name: 'document' })
  })
}

/** The modules of a folder that has none: the mean of the last hidden states. */
export async function meanPooling(folder: string): Promise<Module[]> {
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>
  const width = config['d_model'] ?? config['hidden_size'] ?? config['dim']
  await mkdir(join(folder, '1_Pooling'), { recursive: true })
  await writeJson(join(folder, '1_Pooling', 'config.json'), {
    word_embedding_dimension: width,
    pooling_mode_mean_tokens: true
  })
  const modules = [
    { idx: 0, name: '0', path: '', type: moduleType('Transformer') },
    { idx: 1, name: '1', path: '1_Pooling', type: moduleType('Pooling') }
  ]
  await writeJson(join(folder, 'modules.json'), modules)
  return modules
}

/** The head of a folder that `makeRetrieverFolder` has made. */
export async function readHead(folder: string): Promise<Head> {
  const checkpoint = await openCheckpoint(join(folder, headFolder))
  try {
    const [outputs, inputs] = checkpoint.info('linear.weight').shape as [number, number]
    return { inputs, outputs, weights: await checkpoint.read('linear.weight') }
  } finally {
    await checkpoint.close()
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`)
}
