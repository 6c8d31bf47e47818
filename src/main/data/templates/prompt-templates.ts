import { parseDocument } from 'yaml'
import { z } from 'zod'
import type { PromptTemplates } from '../../contract/import.ts'
import { LabError } from '../../contract/error.ts'
import { Random } from '../../random/random.ts'
import type { NewExample } from '../dataset-writer.ts'
import type { Problem } from '../import/raw-record.ts'
import { globalNames } from './globals.ts'
import { strip } from './methods.ts'
import type { Statement } from './nodes.ts'
import { parseTemplate } from './parse.ts'
import { render } from './run-template.ts'
import { fromRow, TemplateError, type Value } from './values.ts'

interface Prompt {
  name: string
  template: Statement[]
  choices: Statement[] | null
  /** Whether input and answer are both in it. */
  answered: boolean
}

/** Prompts that are ready to be put over rows. */
export interface CompiledPrompts {
  prompts: Prompt[]
  /** Columns, or names that no column has. */
  names: string[]
  perRow: number | null
  seed: number
}

const fileSchema = z.object({
  templates: z.record(
    z.string(),
    z.object({ name: z.string().optional(), jinja: z.string(), answer_choices: z.string().nullish() }).loose()
  )
})
const separator = '|||'
/** Stands for the separator where a row's own texts hold it. */
const shelter = '\u{f8f2}\u{f8f3}\u{f8f2}'

let last: { key: string; made: CompiledPrompts } | null = null

/**
 * Reads prompts: the templates.yaml of PromptSource, or one template of Jinja's language, input and answer with `|||`
 * between. Throws LabError `template` with the template's name and the line.
 */
export function compilePrompts(templates: PromptTemplates): CompiledPrompts {
  const key = JSON.stringify(templates)
  if (last?.key === key) return last.made
  const { source, perRow, seed } = templates
  const texts = isFile(source) ? ofFile(source) : [{ name: 'template', jinja: source, choices: null }]
  const prompts = texts.map(({ name, jinja, choices }) => ({
    name,
    template: compiled(jinja, name),
    choices: choices === null ? null : compiled(choices, `${name}, answer_choices`),
    answered: jinja.includes(separator)
  }))
  const names = [
    ...new Set(prompts.flatMap(({ template, choices }) => [...freeNames(template), ...freeNames(choices ?? [])]))
  ]
  const made = { prompts, names: names.filter((name) => name !== 'answer_choices'), perRow, seed }
  last = { key, made }
  return made
}

/** Whether the prompts hold answers; several must agree. */
export function isAnswered(templates: PromptTemplates): boolean {
  return compilePrompts(templates).prompts.every(({ answered }) => answered)
}

function isFile(source: string): boolean {
  return /^templates:[ \t]*\r?$/m.test(source)
}

function ofFile(source: string): { name: string; jinja: string; choices: string | null }[] {
  const document = parseDocument(source, { logLevel: 'silent', uniqueKeys: false })
  const fault = document.errors[0]
  if (fault) throw broken('the file', fault.linePos?.[0].line ?? 1, fault.message.split('\n')[0]!)
  const { data, error } = fileSchema.safeParse(document.toJS({ maxAliasCount: 100 }))
  if (!data)
    throw broken(
      'the file',
      1,
      `${error.issues[0]?.path.join('.') ?? ''}: ${error.issues[0]?.message ?? 'not as PromptSource writes it'}`
    )
  return Object.entries(data.templates).map(([id, { name, jinja, answer_choices }]) => ({
    name: name ?? id,
    jinja,
    choices: answer_choices ?? null
  }))
}

function compiled(jinja: string, name: string): Statement[] {
  try {
    return parseTemplate(jinja)
  } catch (thrown) {
    throw thrown instanceof TemplateError ? broken(`"${name}"`, thrown.line, thrown.message) : thrown
  }
}

function broken(name: string, line: number, what: string): LabError {
  return new LabError('template', `The template ${name}, line ${line}: ${what}.`, { details: { name, line } })
}

/** What came of a row: examples, nothing because no template is for it, or what is wrong with it. */
export type Prompted = { examples: NewExample[]; problem: null } | { examples: null; problem: Problem }

export interface RowPlace {
  taskName: string
  group: string
  split: string
  /** The number of the row in its file, from 0. */
  number: number
  /** What the row has as its own task, group and id; empty where no column says. */
  task: string
  id: string
}

/** Puts prompts over a row, as many as are wanted, drawn by the seed; an example's id is `task|split|prompt|#row`. */
export function prompted(
  { prompts, perRow, seed }: CompiledPrompts,
  row: Record<string, unknown>,
  place: RowPlace
): Prompted {
  const { number } = place
  const variables = new Map(Object.entries(row).map(([name, value]) => [name, sheltered(fromRow(value))]))
  const order = perRow === null ? prompts : new Random(`prompts ${seed} ${number}`).shuffle([...prompts])
  const made: { at: number; example: NewExample }[] = []
  for (const prompt of order) {
    if (perRow !== null && made.length >= perRow) break
    try {
      const example = one(prompt, variables, new Random(`choice ${seed} ${number} ${prompt.name}`), place)
      if (example) made.push({ at: prompts.indexOf(prompt), example })
    } catch (thrown) {
      if (!(thrown instanceof TemplateError)) throw thrown
      return {
        examples: null,
        problem: {
          field: `template "${prompt.name}", line ${thrown.line}`,
          expected: `a row that it can be put over: ${thrown.message}`
        }
      }
    }
  }
  return { examples: made.sort((a, b) => a.at - b.at).map(({ example }) => example), problem: null }
}

function one(
  prompt: Prompt,
  variables: ReadonlyMap<string, Value>,
  random: Random,
  { taskName, group, split, number, task, id }: RowPlace
): NewExample | null {
  const pick = (end: number): number => random.below(end)
  const choices = prompt.choices === null ? null : parted(render(prompt.choices, variables, pick))
  const all = new Map(variables)
  // A prompt without choices has `answer_choices` all the same, and it is none.
  all.set('answer_choices', choices === null ? null : choices.map((choice) => choice))
  const parts = parted(render(prompt.template, all, pick))
  const [input = '', ...answers] = parts
  if (answers.length > 1)
    throw new TemplateError(`it makes ${parts.length} texts with ${separator} between; input and answer are two`, 1)
  // PromptSource's templates leave out the rows that they are not for.
  if (input === '' || (prompt.answered && (answers[0] ?? '') === '')) return null
  const of = task || taskName
  return {
    input,
    outputs: answers,
    task: of,
    template: prompt.name,
    sourceId: `${of}|${split}|${prompt.name}|#${id || String(number)}`,
    ...(group === '' ? {} : { group }),
    ...(choices !== null && choices.length > 1 ? { choices } : {})
  }
}

function parted(text: string): string[] {
  return text.split(separator).map((part) => strip(part.replaceAll(shelter, separator), null))
}

function sheltered(value: Value): Value {
  if (typeof value === 'string') return value.includes(separator) ? value.replaceAll(separator, shelter) : value
  if (Array.isArray(value)) return value.map(sheltered)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, sheltered(item)]))
  return value
}

/** Names that a template does not give values to itself. */
function freeNames(template: readonly Statement[]): string[] {
  const used = new Set<string>()
  const own = new Set<string>(['loop', ...globalNames])
  const targets = (node: object): void => {
    if ('is' in node && node.is === 'name' && 'name' in node && typeof node.name === 'string') own.add(node.name)
    else if ('items' in node && Array.isArray(node.items)) node.items.forEach((item) => targets(item as object))
  }
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk)
    if (typeof node !== 'object' || node === null || node instanceof Map) return
    if ('is' in node && node.is === 'name' && 'name' in node && typeof node.name === 'string') used.add(node.name)
    for (const [key, value] of Object.entries(node))
      if (key === 'target') targets(value as object)
      else walk(value)
  }
  walk(template)
  return [...used].filter((name) => !own.has(name))
}
