import type { ColumnMapping } from '../../contract/import.ts'
import type { NewExample } from '../dataset-writer.ts'
import { isObject, patternColumns, valueAt } from './column-path.ts'
import { headExpected, isHead } from './known-names.ts'
import { literalOf } from './python-literal.ts'
import type { Problem } from './raw-record.ts'

/** What a record says beyond itself: where it comes from and what it is called there. */
export interface RecordContext {
  /** Task of records that do not name one. */
  taskName: string
  /** Prompt and group of records that do not name them; empty where unknown. */
  template?: string
  group?: string
  mapping: ColumnMapping | null
}

export type Understood = { example: NewExample; problem: null } | { example: null; problem: Problem }

/** A row of the original's line files: `[input, [outputs…], id]`, with id `task|split|template|#n`. */
export function understandLine(value: unknown, context: RecordContext): Understood {
  if (!Array.isArray(value)) return bad('record', 'an array [input, [outputs…], id]', value)
  if (value.length > 3)
    return {
      example: null,
      problem: { field: 'record', expected: `at most three parts, [input, [outputs…], id]; found ${value.length}` }
    }
  const [input, outputs, id] = value as unknown[]
  if (typeof outputs === 'string' && typeof input === 'string' && isHead([input, outputs]))
    return { example: null, problem: { field: 'record', expected: headExpected } }
  if (typeof input !== 'string') return bad('input', 'a text', input)
  const texts = textList(outputs)
  if (texts === null) return bad('outputs', 'a list of one or more texts', outputs)
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number')
    return bad('id', 'a text', id)
  const sourceId = id === undefined || id === null ? '' : String(id)
  return good({ input, outputs: texts, sourceId, ...taskOfId(sourceId, context.taskName) })
}

/** An object or table row, by the mapping of its columns. */
export function understandRow(value: unknown, context: RecordContext): Understood {
  const mapping = context.mapping
  if (mapping === null || mapping.input === null) throw new Error('a table needs a column mapping')
  if (!isObject(value)) return bad('record', 'an object with named fields', value)
  const input = mappedText(value, mapping.input)
  if (typeof input !== 'string') return input
  const choices = mapping.choices === undefined ? null : choicesOf(value, mapping.choices)
  const answers = mapping.output === null ? [] : answersOf(value, mapping.output, mapping, choices)
  if (!Array.isArray(answers)) return answers
  const optional = (column: string | undefined): string =>
    column === undefined ? '' : (asText(valueAt(value, column)) ?? '')
  const sourceId = optional(mapping.id)
  const fromId = taskOfId(sourceId, mapping.taskName ?? context.taskName)
  const group = optional(mapping.group) || (context.group ?? '')
  const example: NewExample = {
    input,
    outputs: answers,
    task: optional(mapping.task) || fromId.task,
    template: optional(mapping.template) || fromId.template || (context.template ?? ''),
    sourceId
  }
  if (group !== '') example.group = group
  if (choices) example.choices = choices.map((choice) => mapping.labels?.[choice] ?? choice)
  return good(example)
}

/** `task|split|template|#n` gives task and template; any other id leaves the task as it is called by default. */
function taskOfId(sourceId: string, taskName: string): { task: string; template: string } {
  const parts = sourceId.split('|')
  if (parts.length < 4 || !parts.at(-1)!.startsWith('#') || parts[0] === '') return { task: taskName, template: '' }
  return { task: parts[0]!, template: parts.slice(2, -1).join('|') }
}

/** A column's text; or, where the mapping holds `{names}`, the pattern with the columns' texts put in. */
function mappedText(row: Record<string, unknown>, column: string): string | Extract<Understood, { example: null }> {
  const names = patternColumns(column)
  let text: string | null
  if (names === null) text = asText(valueAt(row, column))
  else {
    const missing = names.find((name) => {
      const value = valueAt(row, name)
      return value !== null && value !== undefined && asText(value) === null
    })
    if (missing !== undefined) return bad(missing, 'a text', valueAt(row, missing))
    text = filled(column, row)
  }
  if (text === null) return bad(column, 'a text', valueAt(row, column))
  if (text.trim() === '') return bad(column, 'a text that is not empty', text)
  return text
}

/** Puts a row's texts into a pattern; a line whose columns are all empty is left out. */
function filled(pattern: string, row: Record<string, unknown>): string {
  const lines: string[] = []
  let dropped = false
  for (const line of pattern.split('\n')) {
    let some = false
    const text = line.replace(/\{([^{}]+)\}/g, (_, name: string) => {
      const value = asText(valueAt(row, name)) ?? ''
      if (value !== '') some = true
      return value
    })
    if (some || !line.includes('{')) lines.push(text)
    else dropped = true
  }
  const text = lines.join('\n')
  return dropped ? text.replace(/^\n+|\n+$/g, '') : text
}

function answersOf(
  row: Record<string, unknown>,
  column: string,
  mapping: ColumnMapping,
  choices: readonly string[] | null
): string[] | Extract<Understood, { example: null }> {
  const value = patternColumns(column) === null ? valueAt(row, column) : filled(column, row)
  const texts = textList(value)
  if (texts === null) return bad(column, 'a text, or a list of texts', value)
  const chosen =
    mapping.answer === undefined || mapping.answer === 'text' ? texts : chosenTexts(texts, mapping, choices, row)
  if (chosen === null)
    return {
      example: null,
      problem: {
        field: column,
        expected: `${answerWords[mapping.answer ?? 'text']} of the ${choices?.length ?? 0} choices; found "${texts.join(', ').slice(0, 40)}"`
      }
    }
  const answers = mapping.labels ? chosen.map((text) => mapping.labels![text] ?? text) : chosen
  if (answers.every((answer) => answer.trim() === '')) return bad(column, 'an answer that is not empty', '')
  return answers
}

const answerWords = {
  text: 'one',
  index: 'the place (from 0)',
  number: 'the number (from 1)',
  letter: 'the letter or name'
}

/** The choices that answers such as 2, "2" or "B" stand for. */
function chosenTexts(
  answers: readonly string[],
  mapping: ColumnMapping,
  choices: readonly string[] | null,
  row: Record<string, unknown>
): string[] | null {
  if (choices === null) return null
  const names = choiceNamesOf(row, mapping)
  const found = answers.map((answer) => choices[placeOf(answer, mapping.answer!, names, choices)])
  return found.every((choice) => choice !== undefined) ? found : null
}

/** The place of a choice from 0, or −1. */
export function placeOf(
  answer: string,
  kind: 'text' | 'index' | 'number' | 'letter',
  names: readonly string[] | null,
  choices: readonly string[]
): number {
  const text = answer.trim()
  if (kind === 'text') return choices.indexOf(answer)
  if (kind === 'letter') {
    const letter = text.replace(/^\(?([A-Za-z0-9]+)[).:]?$/, '$1')
    if (names) return names.findIndex((name) => name.trim().toLowerCase() === letter.toLowerCase())
    return /^[A-Za-z]$/.test(letter) ? letter.toUpperCase().charCodeAt(0) - 65 : -1
  }
  // 2 and "2", and "2.0" as tables with gaps write it.
  if (!/^\d+(\.0+)?$/.test(text)) return -1
  return Number.parseInt(text, 10) - (kind === 'number' ? 1 : 0)
}

export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (Array.isArray(value) && value.length === 1) return asText(value[0])
  return null
}

/** One text, a list of texts, or a list of texts in a cell, as JSON or Python write it. */
export function textList(value: unknown): string[] | null {
  if (Array.isArray(value)) {
    const texts = value.map((item) => (Array.isArray(item) ? null : asText(item)))
    return texts.length > 0 && texts.every((text) => text !== null) ? texts : null
  }
  const text = asText(value)
  if (text === null) return null
  return listInCell(text) ?? [text]
}

/** Choices as a list, a list in a cell, the `a ||| b` of prompt collections, or one pattern each. */
export function choicesOf(row: Record<string, unknown>, column: string): string[] | null {
  if (patternColumns(column) !== null) {
    const texts = column.split('|||').map((pattern) => filled(pattern.trim(), row))
    return texts.length > 1 ? texts.filter((text) => text !== '') : null
  }
  const value = valueAt(row, column)
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'string' && value.includes('|||')) return value.split('|||').map((text) => text.trim())
  const named = namedChoices(value)
  if (named) return named.texts
  const texts = textList(value)
  return texts && texts.length > 1 ? texts : null
}

/** `{"A": "red", "B": "green"}`, also as text in a cell: the choices, and what they are called. */
function namedChoices(value: unknown): { names: string[]; texts: string[] } | null {
  const found = typeof value === 'string' && /^\s*\{/.test(value) ? literalOf(value) : value
  if (!isObject(found)) return null
  const texts = Object.values(found).map(asText)
  return texts.length > 1 && texts.every((text) => text !== null) ? { names: Object.keys(found), texts } : null
}

/** What the choices are called where a column says so, or they are given by their names; null: A, B, C, …. */
export function choiceNamesOf(row: Record<string, unknown>, mapping: ColumnMapping): string[] | null {
  if (mapping.choiceNames !== undefined) return textList(valueAt(row, mapping.choiceNames))
  if (mapping.choices === undefined || patternColumns(mapping.choices) !== null) return null
  return namedChoices(valueAt(row, mapping.choices))?.names ?? null
}

function listInCell(text: string): string[] | null {
  if (!/^\s*[[(]\s*['"]/.test(text)) return null
  const value = literalOf(text)
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string') ? value : null
}

function good(example: NewExample): Understood {
  if (example.input.trim() === '') return bad('input', 'a text that is not empty', example.input)
  return { example, problem: null }
}

function bad(field: string, expected: string, found: unknown): Extract<Understood, { example: null }> {
  const what = found === null ? 'null' : Array.isArray(found) ? 'a list' : typeof found
  const named =
    found === undefined ? 'nothing' : found === '' ? 'an empty text' : what === 'object' ? 'an object' : what
  return { example: null, problem: { field, expected: `${expected}; found ${named}` } }
}
