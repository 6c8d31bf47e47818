import { readFile, stat } from 'node:fs/promises'
import type { z } from 'zod'
import { refuseLfsPointer } from '../files/lfs-pointer.ts'
import { LabError, messageOf } from '../contract/error.ts'
import { checkFields, type KnownFields, type Notes } from './closed.ts'

/** Tokenizer files of large vocabularies reach some 30 MB; nothing real comes near this. */
const largestFile = 256 * 1024 * 1024

/**
 * Reads a JSON file of a model folder and checks it against a schema.
 * @throws LabError `model-file-missing` or `model-file-invalid`, naming the file and the field
 */
export async function readJson<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema>> {
  return checked(file, await parseJson(file), schema)
}

/**
 * The same for a file whose fields are all known: others are noted.
 * @throws LabError also `model-setting-unsupported`
 */
export async function readClosedJson<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  known: KnownFields,
  notes: Notes
): Promise<z.output<Schema>> {
  const parsed = await parseJson(file)
  const result = checked(file, parsed, schema)
  checkFields(file, parsed, known, notes)
  return result
}

async function parseJson(file: string): Promise<unknown> {
  const text = await readText(file)
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw invalid(file, `it is not JSON (${messageOf(cause)})`, cause)
  }
}

function checked<Schema extends z.ZodType>(file: string, parsed: unknown, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(parsed)
  if (result.success) return result.data
  const { path, message } = deepest(result.error.issues[0]!, [])
  const field = path.join('.')
  // The file is as it should be: it is the lab that lacks something, and the same file again would not help.
  if (/not supported|is not known/.test(message))
    throw new LabError(
      'model-setting-unsupported',
      `${file}: field "${field}": ${message}${foundAt(parsed, path)}. The lab does not run models of this kind. Choose another model.`,
      { cause: result.error, details: { file, field } }
    )
  throw invalid(file, `field "${field}": ${message}${foundAt(parsed, path)}`, result.error, field)
}

interface Fault {
  path: readonly PropertyKey[]
  message: string
}

/** Of the alternatives of a union, the one that came furthest says best what is wrong. */
function deepest(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): Fault {
  const path = [...above, ...issue.path]
  if (issue.code !== 'invalid_union') return { path, message: issue.message }
  const faults = issue.errors.flatMap((issues) => issues.slice(0, 1).map((inner) => deepest(inner, path)))
  return faults.reduce((best, fault) => (fault.path.length > best.path.length ? fault : best), {
    path,
    message: issue.message
  })
}

function foundAt(value: unknown, path: readonly PropertyKey[]): string {
  for (const key of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  const found = JSON.stringify(value) as string | undefined
  if (found === undefined) return '; it is missing'
  return `; found ${found.length > 60 ? `${found.slice(0, 57)}...` : found}`
}

/**
 * A text file of a model folder.
 * @throws LabError `model-file-missing`, `model-file-invalid`
 */
export async function readText(file: string): Promise<string> {
  return new TextDecoder('utf-8').decode(await readBytes(file))
}

/**
 * All bytes of a file of a model folder (not of its weights).
 * @throws LabError `model-file-missing`, `model-file-invalid`
 */
export async function readBytes(file: string): Promise<Uint8Array> {
  refuseLfsPointer(file)
  let size: number
  try {
    size = (await stat(file)).size
  } catch (cause) {
    throw new LabError(
      'model-file-missing',
      `The file ${file} is missing. Choose the model's folder (the one with config.json), or download the model again.`,
      { cause, details: { file } }
    )
  }
  if (size > largestFile) throw invalid(file, `${size} bytes are not plausible for such a file`)
  return readFile(file)
}

/** An error about the contents of a file of a model folder. */
export function invalid(file: string, found: string, cause?: unknown, field?: string): LabError {
  return new LabError(
    'model-file-invalid',
    `${file}: ${found}. Restore the model's original file or download it again.`,
    {
      cause,
      details: { file, field }
    }
  )
}
