import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../contract/error.ts'
import type { Engine } from '../engine/engine.ts'
import { loadEngine } from '../engine/load.ts'
import { moveIntoPlace } from '../files/durable.ts'
import { removeOwn } from '../files/remove.ts'
import { fingerprintModel } from '../models/fingerprint.ts'
import { defineJob } from './job.ts'
import { rerankerCards } from './reranking/card.ts'
import { retrieverCards } from './reranking/card.ts'
import { meanPooling } from './reranking/retriever-folder.ts'

/**
 * Puts a model folder in Hugging Face layout among the lab's models. It is checked first where it lies (config,
 * tokenizer, weights), then copied beside its place, and renamed into it: a broken or half-copied model never shows.
 */
export const job = defineJob({
  kind: 'install-model',
  async run({ input, folder, report, log, signal }) {
    report({ phase: 'checking', done: 0, total: 3, unit: 'steps' })
    const from = await modelFolder(input.from)
    const { about, notes } = await inspect(from)
    for (const note of notes) log(note, 'warn')
    log(`${from}: ${about.architecture}, ${about.parameters.toLocaleString('en')} parameters.`)
    report({ phase: input.move ? 'moving' : 'copying', done: 1, total: 3, unit: 'steps' })
    if (from !== folder) await place(from, folder, input.move)
    if (input.asEncoder) {
      if (!existsSync(join(folder, 'modules.json'))) await meanPooling(folder)
      about.role = await roleOf(folder)
    }
    signal.throwIfAborted()
    report({ phase: 'fingerprint', done: 2, total: 3, unit: 'steps' })
    const found = { ...about, ...(await identityOf(folder, signal)) }
    report({ phase: 'fingerprint', done: 3, total: 3, unit: 'steps' })
    return { ...found, bytes: await bytesIn(folder) }
  }
})

/** All that the lab keeps of an installed model but its size. */
export async function inspectModel(folder: string, signal: AbortSignal) {
  const { about } = await inspect(folder)
  return { ...about, ...(await identityOf(folder, signal)) }
}

/** As an engine would call it. */
async function roleOf(folder: string) {
  const { about } = await inspect(folder)
  return about.role
}

async function identityOf(folder: string, signal: AbortSignal) {
  return {
    fingerprint: await fingerprintModel(folder, signal),
    reranker: await rerankerCards.read(folder),
    retriever: await retrieverCards.read(folder)
  }
}

/** The folder itself; of a folder of the hub's own cache, which may come from another computer, the snapshot in use. */
export async function modelFolder(folder: string): Promise<string> {
  const snapshots = join(folder, 'snapshots')
  const names = await readdir(snapshots).catch((): string[] => [])
  const main = await readFile(join(folder, 'refs', 'main'), 'utf8').catch(() => '')
  const name = names.includes(main.trim()) ? main.trim() : names.length === 1 ? names[0] : undefined
  return name === undefined ? folder : join(snapshots, name)
}

/**
 * Reads every file of the folder as a run would, and tries one text: a model that cannot run is refused here and not in the
 * middle of an experiment.
 */
export async function inspect(folder: string) {
  const found = await stat(folder).catch(() => null)
  if (!found?.isDirectory())
    throw new LabError(
      'model-missing',
      `There is no model folder at ${folder}. A model is a folder with config.json, its tokenizer and its weights.`,
      { details: { folder } }
    )
  const { engine, tooLarge } = await loadToTry(folder)
  try {
    const { role, architecture, parameters, hiddenSize, maxInputTokens, notes } = engine.info
    await tryOut(engine)
    return { about: { role, architecture, parameters, hiddenSize, maxInputTokens }, notes: [...notes, ...tooLarge] }
  } finally {
    await engine.close()
  }
}

/** What does not fit into this machine in full may still serve with a base in fewer bits. */
async function loadToTry(folder: string): Promise<{ engine: Engine; tooLarge: string[] }> {
  try {
    return { engine: await loadEngine({ folder, provider: 'cpu' }), tooLarge: [] }
  } catch (thrown) {
    if (!(thrown instanceof LabError && thrown.code === 'model-too-large')) throw thrown
    const engine = await loadEngine({ folder, provider: 'cpu', base: '4-bit', keepRounded: false })
    return { engine, tooLarge: [`${thrown.message} It fits with tune.base "4-bit" and LoRA.`] }
  }
}

/** One forward pass. */
async function tryOut(engine: Engine): Promise<void> {
  const text = 'Is the mill older than the bridge?'
  switch (engine.info.role) {
    case 'seq2seq':
      for await (const _ of engine.generate([text], { maxNewTokens: 2 })) break
      return
    case 'encoder':
      for await (const _ of engine.embed([text])) break
      return
    case 'pair-classifier':
      await engine.scorePairs([[text, text]])
  }
}

async function place(from: string, to: string, move: boolean): Promise<void> {
  const beside = `${to}.partial`
  await removeOwn(to, beside)
  if (move) {
    const moved = await rename(from, beside).then(
      () => true,
      // Another disk: a rename cannot cross it.
      () => false
    )
    if (!moved) await cp(from, beside, copying)
  } else await cp(from, beside, copying)
  await mkdir(to, { recursive: true })
  await removeOwn(to, to)
  await moveIntoPlace(beside, to)
}

/** Hubs keep files as links to blobs; copies hold the files themselves. */
const copying = { recursive: true, dereference: true, errorOnExist: false } as const

export async function bytesIn(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  return bytes
}
