import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../contract/error.ts'
import type { Notes } from '../closed.ts'
import { readJson } from '../read-json.ts'
import { idsOf, withAddedTokens, withLowercase, withSettings } from './assemble.ts'
import { withDebertaRoles } from './deberta-settings.ts'
import { definitionSchema, type Definition } from './definition.ts'
import { contentOf, readFolderSettings, type FolderSettings } from './folder-settings.ts'
import { readLegacyDefinition } from './legacy.ts'
import { makeTokenizer } from './pipeline.ts'
import type { SpecialIds, Tokenizer } from './tokenizer.ts'

export interface LoadTokenizerOptions {
  /** Texts are put into lower case first (a setting of sentence-transformers). */
  lowercase?: boolean
  notes?: Notes
}

/**
 * Loads the tokenizer of a model folder: tokenizer.json, or vocab.json + merges.txt, a SentencePiece model or vocab.txt where
 * there is none, with what the files beside them change. Gives the same ids as Transformers 5.
 * @throws LabError `tokenizer-missing`, `model-file-invalid`, `model-setting-unsupported`
 */
export async function loadTokenizer(
  folder: string,
  { lowercase = false, notes = [] }: LoadTokenizerOptions = {}
): Promise<Tokenizer> {
  const settings = withDebertaRoles(await readFolderSettings(folder, notes))
  const fromJson = existsSync(join(folder, 'tokenizer.json'))
  const own = withAddedTokens(await readDefinition(folder, settings, notes), settings, { fromJson, notes })
  const definition = lowercase ? withLowercase(own) : own
  return makeTokenizer(definition, {
    special: specialIds(definition, settings),
    modelMaxTokens: settings.modelMaxTokens,
    // With byte-level BPE the blanks are part of the words, and Transformers 5 leaves them.
    cleanUp: settings.cleanUp && definition.model.type !== 'BPE'
  })
}

async function readDefinition(folder: string, settings: FolderSettings, notes: Notes): Promise<Definition> {
  const file = join(folder, 'tokenizer.json')
  if (existsSync(file)) return withSettings(await readDefinitionFile(file), settings, notes)
  const legacy = await readLegacyDefinition(folder, settings)
  if (legacy) return legacy
  throw new LabError(
    'tokenizer-missing',
    `The folder ${folder} has no tokenizer: expected tokenizer.json, or vocab.json and merges.txt, spiece.model, ` +
      'sentencepiece.bpe.model, spm.model or vocab.txt. Download the model again with its tokenizer files.',
    { details: { folder } }
  )
}

/** Parts of tokenizer.json that say how it works; a value that the lab does not have there is no damage. */
const parts =
  /^(normalizer|pre_tokenizer|post_processor|decoder|model\.(type|byte_fallback|dropout|\w+_suffix|\w+_prefix))\b/

async function readDefinitionFile(file: string): Promise<Definition> {
  try {
    return await readJson(file, definitionSchema)
  } catch (error) {
    const field = error instanceof LabError ? error.details['field'] : undefined
    if (typeof field !== 'string' || !parts.test(field)) throw error
    const found = valueAt(await readJson(file, z.unknown()), field.split('.'))
    throw new LabError(
      'tokenizer-unsupported',
      `${file}: this tokenizer uses ${field} = ${JSON.stringify(found) ?? 'nothing'}, which the lab does not run. ` +
        'The file is sound; choose a model with another tokenizer.',
      { details: { file, field } }
    )
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  for (const key of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return value
}

/** The names that the architectures use, the most usual first. */
const usual: Readonly<Record<keyof SpecialIds, readonly string[]>> = {
  pad: ['<pad>', '[PAD]'],
  bos: ['<s>', '[CLS]'],
  eos: ['</s>', '[SEP]'],
  unk: ['<unk>', '[UNK]'],
  mask: ['<mask>', '[MASK]']
}

/** How the files call them; the first that they name counts. */
const fields = {
  pad: ['pad_token'],
  bos: ['cls_token', 'bos_token'],
  eos: ['sep_token', 'eos_token'],
  unk: ['unk_token'],
  mask: ['mask_token']
} as const

function specialIds(definition: Definition, { roles }: FolderSettings): SpecialIds {
  const ids = idsOf(definition)
  const find = (kind: keyof SpecialIds): number | null => {
    const configured = fields[kind].map((field) => roles.get(field)).filter((token) => token !== undefined)
    for (const name of [...configured.map(contentOf), ...usual[kind]]) {
      const id = ids.get(name)
      if (id !== undefined) return id
    }
    return null
  }
  return { pad: find('pad'), bos: find('bos'), eos: find('eos'), unk: find('unk'), mask: find('mask') }
}
