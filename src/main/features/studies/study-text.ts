import { isMap, isPair, isScalar, LineCounter, parseAllDocuments, stringify, type Document } from 'yaml'
import type { z } from 'zod'
import { nearestName } from '../../naming/nearest-name.ts'
import { LabError } from '../../contract/error.ts'
import { studyJsonSchema, studySchema, studyVersion, type Study } from '../../contract/study.ts'
import { refuseLfsText } from '../../files/lfs-pointer.ts'

/** What people call a key who know the lab's own records. */
const otherNames: Readonly<Record<string, string>> = {
  datasetId: 'data',
  dataset: 'data',
  upstream: 'data',
  targetIds: 'targets',
  target: 'targets',
  modelId: 'models.base',
  model: 'models.base',
  encoderId: 'models.encoder',
  spec: 'study'
}

/** A study as YAML or JSON. Both are read again as the same study. */
export function writeStudyText(study: Study, format: 'yaml' | 'json'): string {
  const given: Record<string, unknown> = { study: studyVersion, ...study }
  const keys = Object.keys(studySchema.shape).filter((key) => given[key] !== undefined)
  const whole = Object.fromEntries(keys.map((key) => [key, given[key]]))
  if (format === 'json') return `${JSON.stringify(whole, null, 2)}\n`
  return head + stringify(whole, { lineWidth: 0, aliasDuplicateObjects: false })
}

const head = `# A study of ReCross Lab. Run it: experiment run <this file>. What it would do: experiment run <this file> --dry-run.
# Things are found by the hash of their content, whatever they are called there. Without "hash", by name alone.
`

/**
 * The studies of a file: YAML (several behind `---`) or JSON, which is YAML too. Every key must be known. Throws `bad-study`,
 * naming line and field of everything that is wrong, and `git-lfs-pointer`.
 */
export function readStudyText(text: string, source: string): Study[] {
  refuseLfsText(text, source)
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })
  const list = 'empty' in documents ? [] : documents
  const broken = list.flatMap((one) => one.errors)
  if (broken.length > 0)
    throw refuse(
      source,
      broken.map(({ message, pos }) => `line ${lines.linePos(pos[0]).line}: ${message}`)
    )
  const filled = list.filter((one) => one.contents !== null)
  if (filled.length === 0) throw refuse(source, ['it holds nothing'])
  return filled.map((document) => readOne(document, lines, source))
}

function readOne(document: Document.Parsed, lines: LineCounter, source: string): Study {
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw refuse(source, [cause instanceof Error ? cause.message : String(cause)])
  }
  if (!isMap(document.contents)) throw refuse(source, ['expected keys and values, such as "name: My study"'])
  const checked = studySchema.safeParse(value)
  if (checked.success) return checked.data as Study
  const problems = checked.error.issues.flatMap((issue) =>
    problemsOf(issue).map(({ path, message }) => `line ${lineOf(document, path, lines)}: ${message}`)
  )
  throw refuse(source, problems)
}

interface Problem {
  path: readonly PropertyKey[]
  message: string
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const at = issue.path
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const { known, near } = nearestKey(at, key)
      const advice =
        near === null ? `There ${known.length === 1 ? 'is' : 'are'}: ${known.join(', ')}` : `Did you mean "${near}"?`
      return { path: [...at, key], message: `there is no "${[...at, key].join('.')}". ${advice}` }
    })
  }
  if (issue.code === 'invalid_union') {
    // Of the forms that it may have, the one that is an object says more.
    const inner = issue.errors.at(-1) ?? []
    if (inner.length > 0 && !(inner.length === 1 && inner[0]!.code === 'invalid_type' && inner[0].path.length === 0))
      return inner.flatMap((one) => problemsOf({ ...one, path: [...at, ...one.path] }))
    return [{ path: at, message: `"${at.join('.')}": expected a name, or "name" with "hash"` }]
  }
  return [{ path: at, message: `"${at.join('.')}": ${issue.message}` }]
}

/** The keys that are known at a place, and the one that was probably meant, there or elsewhere. */
function nearestKey(at: readonly PropertyKey[], key: string): { known: string[]; near: string | null } {
  const schema = studyJsonSchema()
  const here = at.reduce<unknown>((inner, step) => stepInto(inner, step), schema)
  const known = Object.keys(propertiesOf(here))
  const elsewhere = [...allPaths(schema, [])].find((path) => path.at(-1)!.toLowerCase() === key.toLowerCase())
  const near =
    nearestName(key, known) ?? (at.length === 0 ? otherNames[key] : undefined) ?? elsewhere?.join('.') ?? null
  return { known, near }
}

function stepInto(schema: unknown, step: PropertyKey): unknown {
  if (typeof step === 'number') return formsOf(schema).find(({ items }) => items !== undefined)?.items
  return propertiesOf(schema)[String(step)]
}

function propertiesOf(schema: unknown): Record<string, unknown> {
  return Object.assign({}, ...formsOf(schema).map(({ properties }) => properties ?? {})) as Record<string, unknown>
}

interface Form {
  properties?: Record<string, unknown>
  items?: unknown
  anyOf?: unknown[]
}

function formsOf(schema: unknown): Form[] {
  if (typeof schema !== 'object' || schema === null) return []
  const form = schema as Form
  return [form, ...(form.anyOf ?? []).flatMap(formsOf)]
}

function* allPaths(schema: unknown, path: readonly string[]): Generator<readonly string[]> {
  for (const [key, inner] of Object.entries(propertiesOf(schema))) {
    yield [...path, key]
    yield* allPaths(inner, [...path, key])
  }
}

/** Where a field stands in the text; where it is missing, the thing that it is missing in. */
function lineOf(document: Document.Parsed, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let length = path.length; length >= 0; length--) {
    const parent = length === 0 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    if (length === 0) break
    const key = path[length - 1]
    if (isMap(parent)) {
      const pair = parent.items.find((one) => isPair(one) && isScalar(one.key) && one.key.value === key)
      if (pair && isScalar(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line
    }
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
    if (node?.range) return lines.linePos(node.range[0]).line
  }
  return document.contents?.range ? lines.linePos(document.contents.range[0]).line : 1
}

function refuse(source: string, problems: string[]): LabError {
  return new LabError('bad-study', `${source} is no study that can be run. ${problems.join('; ')}.`, {
    details: { problems }
  })
}
