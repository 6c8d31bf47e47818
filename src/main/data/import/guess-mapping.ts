import type { DatasetKind } from '../../contract/data.ts'
import type { ColumnMapping } from '../../contract/import.ts'
import { innerColumns, patternColumns, rootOf, valueAt } from './column-path.ts'
import { choiceFamilies } from './choice-families.ts'
import { choiceNamesOf, choicesOf, placeOf, textList } from './fields.ts'
import { known } from './known-names.ts'
import { headerlessMapping, knownLayouts, type KnownLayout } from './known-layouts.ts'
import { mappedColumns } from './mapped-columns.ts'
import type { LabelWordsOfColumns } from './read-parquet.ts'

export type Row = Record<string, unknown>

/** What the beginning of a file shows. */
export interface Sample {
  columns: string[]
  rows: Row[]
  /** By column: words for its label numbers, where the file has them. */
  labels: LabelWordsOfColumns
}

/** How a file's columns are understood without a word from the user. */
export interface Guess {
  /** Name of the known layout. */
  layout: string | null
  mapping: ColumnMapping | null
  /** Texts that the layout leaves out by intent. */
  leaves: readonly string[]
}

/** A mapping for columns of a known layout, or with well-known names; null where input or output cannot be told. */
export function guessMapping({ columns, rows, labels }: Sample): Guess {
  const { mapping, ...guess } = guessed(columns, rows)
  return { ...guess, mapping: mapping && withOwnLabels(mapping, labels) }
}

/** A target's only column can hold nothing but its questions. */
export function onlyQuestions(columns: readonly string[], kind: DatasetKind): ColumnMapping | null {
  return kind === 'target' && columns.length === 1 ? { input: columns[0]!, output: null } : null
}

/** Where a mapping says nothing about label numbers, the words that come with the file stand for them; `{}` leaves them. */
export function withOwnLabels(mapping: ColumnMapping, labels: LabelWordsOfColumns): ColumnMapping {
  if (mapping.templates || mapping.output === null) return mapping
  const words = mapping.choices === undefined && mapping.labels === undefined ? labels[mapping.output] : undefined
  return words ? { ...mapping, labels: words } : mapping
}

function guessed(columns: readonly string[], rows: readonly Row[]): Guess {
  for (const layout of knownLayouts) {
    const mapping = byLayout(layout, columns, rows)
    if (mapping)
      return {
        layout: layout.name,
        mapping: settleAnswer(withChoiceColumns(mapping, columns, rows), rows),
        leaves: layout.leaves ?? []
      }
  }
  const bare = headerlessMapping(columns, rows)
  if (bare) return { layout: bare.name, mapping: bare.mapping, leaves: [] }
  const mapping = byNames(columns)
  return {
    layout: null,
    mapping: mapping ? settleAnswer(withChoiceColumns(mapping, columns, rows), rows) : null,
    leaves: []
  }
}

/** Columns such as A, B, C, D or option1, option2 hold a choice each, where the answers fit them. */
function withChoiceColumns(mapping: ColumnMapping, columns: readonly string[], rows: readonly Row[]): ColumnMapping {
  const { output } = mapping
  if (output === null || mapping.choices !== undefined || mapping.labels !== undefined) return mapping
  const taken = mappedColumns(mapping, columns)
  for (const family of choiceFamilies(columns.filter((column) => !taken.includes(column)))) {
    const chosen = { ...mapping, choices: family.map((column) => `{${column}}`).join(' ||| ') }
    if (answerKinds(output, chosen, rows).length > 0) return chosen
  }
  return mapping
}

function byLayout(layout: KnownLayout, columns: readonly string[], rows: readonly Row[]): ColumnMapping | null {
  const there = (name: string): boolean => columns.includes(name)
  if (!layout.needs.every((need) => (typeof need === 'string' ? there(need) : need.some(there)))) return null
  if (layout.like && !rows.some(layout.like)) return null
  const { input, output, choices, answer, labels, templates: _, ...optional } = layout.mapping
  const alternative = layout.needs.find((need) => typeof need !== 'string' && output !== null && need.includes(output))
  const instead =
    alternative === undefined || typeof alternative === 'string' || output === null || there(output)
      ? output
      : alternative.find(there)!
  const mapping: ColumnMapping = { input: input === null ? null : withColumns(input, columns), output: instead }
  for (const [field, column] of Object.entries(optional))
    if (column !== undefined && there(rootOf(column, columns))) Object.assign(mapping, { [field]: column })
  for (const [field, names] of Object.entries(optionalNames)) {
    const found = names.find((name) => there(name) && !mappedColumns(mapping).includes(name))
    if (found !== undefined && !(field in mapping)) Object.assign(mapping, { [field]: found })
  }
  const choiceColumns = choices === undefined ? [] : (patternColumns(choices) ?? [choices])
  if (choices !== undefined && choiceColumns.every((column) => there(rootOf(column, columns)))) {
    mapping.choices = choices
    if (answer !== undefined) mapping.answer = answer
  }
  if (labels !== undefined) mapping.labels = labels
  return mapping
}

/** Columns that name the task and its group stay what they are in every layout. */
const optionalNames = { task: ['task', 'task_name'], group: ['group', 'task_group'] }

/** A pattern without the lines whose columns the file lacks. */
function withColumns(pattern: string, columns: readonly string[]): string {
  const lines = pattern.split('\n').filter((line) => {
    const names = patternColumns(line)
    return names === null || names.some((name) => columns.includes(rootOf(name, columns)))
  })
  return lines.join('\n')
}

function byNames(columns: readonly string[]): ColumnMapping | null {
  const byLowerCase = new Map(columns.map((column) => [column.toLowerCase(), column]))
  const find = (names: readonly string[], taken: readonly (string | undefined)[] = []): string | undefined => {
    for (const name of names) {
      const column = byLowerCase.get(name)
      if (column !== undefined && !taken.includes(column)) return column
    }
    return undefined
  }
  let input = find(known.input)
  const output = find(known.output, [input])
  if (input === undefined || output === undefined) return null
  // Super-NaturalInstructions rows carry their task's definition beside the instance.
  const definition = byLowerCase.get('definition')
  if (definition !== undefined) input = `{${definition}}\n\n{${input}}`
  const mapping: ColumnMapping = { input, output }
  for (const field of ['task', 'template', 'group', 'id', 'choices'] as const) {
    const column = find(known[field], [input, output])
    if (column !== undefined) mapping[field] = column
  }
  return mapping
}

/**
 * Says what stands in the answers' column where there are choices: the choice itself, its place from 0 or 1, or its
 * letter. Left open where rows do not tell.
 */
export function settleAnswer(mapping: ColumnMapping, rows: readonly Row[]): ColumnMapping {
  if (mapping.templates || mapping.choices === undefined || mapping.answer !== undefined || mapping.output === null)
    return mapping
  const answer = answerKinds(mapping.output, mapping, rows)
  return answer.length === 1 ? { ...mapping, answer: answer[0]! } : mapping
}

/** All readings of the answers that fit every row. */
export function answerKinds(
  output: string,
  mapping: ColumnMapping,
  rows: readonly Row[]
): ('text' | 'index' | 'number' | 'letter')[] {
  const seen = rows.flatMap((row) => {
    const choices = choicesOf(row, mapping.choices!)
    const answers = textList(valueAt(row, output))
    const names = choiceNamesOf(row, mapping)
    return choices && answers ? [{ choices, answers, names }] : []
  })
  if (seen.length === 0) return []
  const fits = (kind: 'text' | 'index' | 'number' | 'letter'): boolean =>
    seen.every(({ choices, answers, names }) =>
      answers.every((answer) => {
        const place = placeOf(answer, kind, names, choices)
        return place >= 0 && place < choices.length
      })
    )
  const places = (['index', 'number', 'letter'] as const).filter(fits)
  if (!fits('text')) return places
  // "2" among the choices 1, 2, 3, 4 may be that choice, or the third.
  const same = (kind: 'index' | 'number' | 'letter'): boolean =>
    seen.every(({ choices, answers, names }) =>
      answers.every((answer) => choices[placeOf(answer, kind, names, choices)] === answer)
    )
  return ['text', ...places.filter((kind) => !same(kind))]
}

/** Columns that hold sentences, by themselves or in lists, which no mapping takes. */
export function textColumns(rows: readonly Row[], columns: readonly string[]): string[] {
  return columns.filter((column) => {
    const texts = rows.flatMap((row) => textsIn(row[column])).filter((text) => text.trim() !== '')
    if (texts.length === 0) return false
    const worded = texts.filter((text) => /\S\s+\S/.test(text.trim()))
    return worded.length >= texts.length / 2 && new Set(texts).size > Math.min(2, texts.length - 1)
  })
}

/** Turns of a talk are lists of lists. What is said in objects is about an example more often than of it. */
function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) && depth < 3 ? value.flatMap((item) => textsIn(item, depth + 1)) : []
}

/** Top-level columns, and those inside of values that are no text. */
export function allColumns(columns: readonly string[], rows: readonly Row[]): string[] {
  const inner = columns.flatMap((column) => {
    const value = rows.map((row) => row[column]).find((cell) => typeof cell === 'object' && cell !== null)
    return value === undefined ? [] : innerColumns(column, value)
  })
  return [...columns, ...inner]
}
