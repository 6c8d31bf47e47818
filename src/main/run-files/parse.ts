import { dirname } from 'node:path'
import { LabError } from '../contract/error.ts'
import type { RunFile } from './files.ts'

/**
 * Reads what stands in a file of a run, or in one line of it (counted from 1).
 * @throws LabError `run-damaged`: the file, the line and the field that is not as it was written, and what to do
 */
export function parse<T>(
  { schema, wayOut }: Pick<RunFile<T>, 'schema' | 'wayOut'>,
  text: string,
  path: string,
  line?: number
): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damaged({ path, line, wayOut }, 'is not whole', cause)
  }
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const field = issue?.path.map(String).join('.') ?? ''
  const what = field === '' ? 'is of another kind than the lab writes' : `has no valid "${field}": ${issue!.message}`
  throw damaged({ path, line, wayOut }, what, read.error)
}

/** @throws LabError `run-files-missing` */
export function missing(path: string, wayOut: string, cause?: unknown): LabError {
  return new LabError('run-files-missing', `The file ${path} is gone. ${wayOut}`, {
    cause,
    details: { path, folder: dirname(path) }
  })
}

function damaged(
  { path, line, wayOut }: { path: string; line: number | undefined; wayOut: string },
  what: string,
  cause: unknown
): LabError {
  const where = line === undefined ? '' : ` Its line ${line}`
  return new LabError(
    'run-damaged',
    line === undefined
      ? `The file ${path} is damaged: it ${what}. ${wayOut}`
      : `The file ${path} is damaged.${where} ${what}. ${wayOut}`,
    { cause, details: { path, folder: dirname(path), ...(line === undefined ? {} : { line }) } }
  )
}
