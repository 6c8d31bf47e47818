import { literalOf } from './python-literal.ts'

type Step = { name: string } | { at: number } | { from: number | null; to: number | null }

const parsedPaths = new Map<string, Step[]>()

/**
 * What a row has under a column: a name as it stands, or a path: `answers.text` goes into an object, `messages[-1]`
 * takes one of a list (from its end where negative), `messages[:-1]` several. A name after a list of objects is looked up
 * in each of them. Cells that hold a list or an object as text are read as such on the way.
 */
export function valueAt(row: Record<string, unknown>, column: string): unknown {
  if (Object.hasOwn(row, column)) return row[column]
  const steps = stepsOf(column)
  if (steps.length < 2) return undefined
  let value: unknown = row
  for (const step of steps) {
    if (typeof value === 'string') value = literalOf(value)
    value = taken(value, step)
    if (value === undefined || value === null) return value
  }
  return value
}

/** The top-level column that a path begins in. */
export function rootOf(column: string, columns: readonly string[]): string {
  if (columns.includes(column)) return column
  const [first] = stepsOf(column)
  return first && 'name' in first ? first.name : column
}

/** The columns of a pattern such as `{definition}\n\n{inputs}`; null where the mapping is a plain column name. */
export function patternColumns(column: string): string[] | null {
  const names = [...column.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]!)
  return names.length > 0 ? names : null
}

function stepsOf(column: string): Step[] {
  const known = parsedPaths.get(column)
  if (known) return known
  const steps: Step[] = []
  const pattern = /([^.[\]]+)|\[(-?\d+)\]|\[(-?\d*):(-?\d*)\]/gy
  for (let rest = column; rest !== '';) {
    pattern.lastIndex = 0
    const match = pattern.exec(rest)
    if (!match) return []
    if (match[1] !== undefined) steps.push({ name: match[1] })
    else if (match[2] !== undefined) steps.push({ at: Number(match[2]) })
    else steps.push({ from: numberOrNull(match[3]), to: numberOrNull(match[4]) })
    rest = rest.slice(match[0].length)
    if (rest.startsWith('.')) rest = rest.slice(1)
  }
  parsedPaths.set(column, steps)
  return steps
}

function numberOrNull(text: string | undefined): number | null {
  return text ? Number(text) : null
}

function taken(value: unknown, step: Step): unknown {
  if ('name' in step) {
    if (step.name.startsWith('@')) return computed[step.name]?.(value)
    if (Array.isArray(value)) {
      const found = value.map((item) => taken(item, step)).filter((item) => item !== undefined)
      return found.length > 0 ? found.flat() : undefined
    }
    return isObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined
  }
  if (!Array.isArray(value)) return undefined
  return 'at' in step ? value.at(step.at) : value.slice(step.from ?? 0, step.to ?? undefined)
}

/** What is worked out from a value that is no text: the turns of a chat, an answer with its aliases, and scores by answer. */
const computed: Record<string, (value: unknown) => unknown> = {
  '@answer': (value) => chatParts(value)?.answer,
  '@question': (value) => chatParts(value)?.question,
  '@accepted': (value) => acceptedOf(value),
  '@best': (value) => bestScored(value),
  '@names': (value) => (isObject(value) ? Object.keys(value) : undefined)
}

/** Columns to choose from inside a value, beside itself. */
export function innerColumns(name: string, value: unknown): string[] {
  if (chatParts(value)) return [`${name}.@question`, `${name}.@answer`]
  if (acceptedOf(value)) return [`${name}.@accepted`, ...Object.keys(value as object).map((key) => `${name}.${key}`)]
  if (bestScored(value)) return [`${name}.@best`, `${name}.@names`]
  const inner = Array.isArray(value) ? (value as unknown[])[0] : value
  return isObject(inner)
    ? Object.keys(inner)
        .slice(0, 20)
        .map((key) => `${name}.${key}`)
    : []
}

interface Turn {
  role: string
  text: string
}

/** The last answer of a chat, and what stands before it. */
function chatParts(value: unknown): { question: string; answer: string } | undefined {
  if (!Array.isArray(value)) return undefined
  const turns = value.map(turnOf)
  if (!turns.every((turn) => turn !== null)) return undefined
  const last = turns.findLastIndex(({ role }) => assistants.test(role))
  if (last < 1) return undefined
  const before = turns.slice(0, last)
  const spoken = before.filter(({ role }) => !/^system$/i.test(role))
  const alone = spoken.length === 1
  const question = before
    .map(({ role, text }) => (alone || /^system$/i.test(role) ? text : `${speaker(role)}: ${text}`))
    .filter((text) => text !== '')
    .join('\n')
  return { question, answer: turns[last]!.text }
}

function turnOf(value: unknown): Turn | null {
  if (!isObject(value)) return null
  const role = value['role'] ?? value['from']
  const content = value['content'] ?? value['value'] ?? value['text'] ?? ''
  if (typeof role !== 'string') return null
  // What such a turn says is a call, which is no text.
  if (content === '' && callsOf.some((name) => value[name] !== undefined && value[name] !== null)) return null
  if (typeof content === 'string') return { role, text: content }
  if (!Array.isArray(content)) return null
  const texts = content.map((part) => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : null))
  return texts.every((text) => text !== null) ? { role, text: texts.join('\n') } : null
}

const callsOf = ['tool_calls', 'function_call']
const assistants = /^(assistant|gpt|chatgpt|bot|model|bing|bard)$/i

function speaker(role: string): string {
  if (/^(user|human|prompter)$/i.test(role)) return 'User'
  return assistants.test(role) ? 'Assistant' : `${role[0]?.toUpperCase() ?? ''}${role.slice(1)}`
}

/** The answers with the best score, of BIG-bench's `{"answer": score}`. */
function bestScored(value: unknown): string[] | undefined {
  if (!isObject(value)) return undefined
  const scores = Object.entries(value).map(([name, score]) => [name, Number(score)] as const)
  if (scores.length === 0 || scores.some(([, score]) => !Number.isFinite(score))) return undefined
  const best = Math.max(...scores.map(([, score]) => score))
  return best > 0 ? scores.filter(([, score]) => score === best).map(([name]) => name) : undefined
}

/** TriviaQA's answer, and what else is right. */
function acceptedOf(value: unknown): string[] | undefined {
  if (!isObject(value) || typeof value['value'] !== 'string' || !Array.isArray(value['aliases'])) return undefined
  const aliases: unknown[] = value['aliases']
  return [...new Set([value['value'], ...aliases.filter((alias) => typeof alias === 'string')])]
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
