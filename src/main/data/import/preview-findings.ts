import type { DatasetKind } from '../../contract/data.ts'
import {
  type ColumnMapping,
  encodings,
  type Finding,
  type PromptTemplates,
  type Reading,
  type RejectedLine
} from '../../contract/import.ts'
import { LabError } from '../../contract/error.ts'
import { compilePrompts, isAnswered } from '../templates/prompt-templates.ts'
import { answerKinds, type Sample, textColumns } from './guess-mapping.ts'
import { mappedColumns } from './mapped-columns.ts'
import { counted } from './row-check.ts'

/** Lines that cannot be read, with what may be done about them. */
export function badLines(bad: number, of: string, complete: boolean, problems: readonly RejectedLine[]): Finding {
  const skipLimit = complete ? bad : bad * 10
  const fewer = problems[0]?.expected.includes('--quote none') || problems[0]?.expected.includes('fields as there are')
  const encoding = problems[0]?.expected.includes('--encoding')
  return {
    code: 'bad-lines',
    level: 'stop',
    message: `${counted(bad, 'row', 'rows')} cannot be read (${of}).`,
    remedies: [
      {
        label: complete
          ? `Set ${bad === 1 ? 'this row' : `these ${bad} rows`} aside`
          : `Set up to ${skipLimit} such rows aside`,
        skipLimit
      },
      ...(fewer ? [{ label: 'Quotes are plain text', reading: { quote: '' as const } }] : []),
      ...(encoding ? [{ label: 'Read as Windows-1252', reading: { encoding: 'windows-1252' as const } }] : [])
    ]
  }
}

/** What the user can mend, as a finding; null for everything else. */
export function findingOf(thrown: unknown, given: Reading): Finding | null {
  if (!(thrown instanceof LabError)) return null
  const { code, message, details } = thrown
  if (code === 'part-needed' || code === 'part-missing') {
    const parts = Array.isArray(details['parts']) ? details['parts'].map(String) : []
    const sheets = /sheet/.test(message)
    const remedies = parts.map((name) => ({
      label: name,
      reading: { ...given, ...(sheets ? { sheet: name } : { part: name }) }
    }))
    if (!sheets) remedies.push({ label: 'All of them together', reading: { ...given, part: '*' } })
    return { code, level: 'stop', message, remedies }
  }
  if (code === 'table-quote-open')
    return {
      code,
      level: 'stop',
      message,
      remedies: [{ label: 'Quotes are plain text', reading: { ...given, quote: '' } }]
    }
  if (
    [
      'table-header',
      'json-cut',
      'json-broken',
      'json-columns',
      'json-columns-large',
      'no-examples',
      'encoding-wrong'
    ].includes(code)
  )
    return { code, level: 'stop', message, remedies: [] }
  return null
}

/** What a mapping still lacks. */
export function mappingFindings(
  mapping: ColumnMapping | null,
  { columns, rows }: Sample,
  kind: DatasetKind
): Finding[] {
  if (mapping === null && columns.length === 1)
    return [
      {
        ...stop('mapping-needed', `There is one column, "${columns[0]}", and none with answers.`),
        remedies: [
          {
            label: 'These are questions to be answered: a target task',
            kind: 'target' as const,
            mapping: { input: columns[0]!, output: null }
          }
        ]
      }
    ]
  if (mapping?.templates) return templateFindings(mapping.templates, columns, kind)
  if (mapping === null || mapping.input === null)
    return [
      stop(
        'mapping-needed',
        `Say which columns hold the input${kind === 'upstream' ? ' and the answer' : ''}. There are: ${
          columns
            .slice(0, 20)
            .map((name) => `"${name}"`)
            .join(', ') || '(none)'
        }.`
      )
    ]
  if (mapping.output === null)
    return kind === 'upstream'
      ? [
          {
            ...stop(
              'answer-needed',
              'Say which column holds the answer. Upstream data is tuned on, so it needs answers.'
            ),
            remedies: [{ label: 'These are questions to be answered: a target task', kind: 'target' as const }]
          }
        ]
      : [
          note(
            'no-answers',
            'There are no answers: a target of questions only. Strategies can be tuned and answer it, but nothing can be scored.'
          )
        ]
  if (mapping.choices === undefined || mapping.answer !== undefined) return []
  const kinds = answerKinds(mapping.output, mapping, rows)
  if (kinds.length < 2) return []
  const message = kinds.includes('text')
    ? 'The answers are choices as they stand, but they may also be the places of choices. These rows do not tell which.'
    : 'The answers are numbers of choices, but these rows do not tell whether counting begins at 0 or at 1.'
  return [
    {
      code: 'answer-numbers',
      level: 'stop',
      message: `${message} Say so with --answer ${kinds.join(' or ')}.`,
      remedies: kinds.map((answer) => ({ label: answerLabels[answer], mapping: { ...mapping, answer } }))
    }
  ]
}

const answerLabels = {
  text: 'They are the choices themselves',
  index: 'The first choice is 0',
  number: 'The first choice is 1',
  letter: 'They are letters or names of choices'
} as const

function templateFindings(templates: PromptTemplates, columns: readonly string[], kind: DatasetKind): Finding[] {
  const { names } = compilePrompts(templates)
  const unknown = names.filter((name) => !columns.includes(name))
  const found: Finding[] = []
  if (unknown.length > 0)
    found.push({
      code: 'template-names',
      level: 'ask',
      message: `The templates name ${unknown.map((name) => `"${name}"`).join(', ')}, which ${unknown.length === 1 ? 'is no column' : 'are no columns'}. It prints as nothing. There are: ${columns.slice(0, 20).join(', ')}.`,
      remedies: []
    })
  if (isAnswered(templates)) return found
  return [
    ...found,
    kind === 'upstream'
      ? stop(
          'answer-needed',
          'A template needs ||| between input and answer. Upstream data is tuned on, so it needs answers.'
        )
      : note(
          'no-answers',
          'The templates have no answers (nothing after |||): a target of questions only. Nothing can be scored.'
        )
  ]
}

/** Columns of sentences that nothing takes. */
export function leftOut(mapping: ColumnMapping, { columns, rows }: Sample, leaves: readonly string[]): Finding[] {
  const taken = mappedColumns(mapping, columns)
  const texts = textColumns(rows, columns).filter((column) => !taken.includes(column) && !leaves.includes(column))
  if (texts.length === 0) return []
  const names = texts.map((name) => `"${name}"`).join(', ')
  if (mapping.templates)
    return [{ code: 'columns-left-out', level: 'note', message: `No template uses ${names}.`, remedies: [] }]
  const lists = texts.some((column) => rows.some((row) => Array.isArray(row[column])))
  const own = mapping.input === null ? [] : [mapping.input.includes('{') ? mapping.input : `{${mapping.input}}`]
  const input = [...texts.map((name) => `{${name}}`), ...own].join('\n')
  return [
    {
      code: 'columns-left-out',
      level: 'ask',
      message: `${texts.length === 1 ? `The column ${names} holds texts` : `The columns ${names} hold texts`} that would not be used. A model would never see them.`,
      // What a list becomes within a text, nobody but its user knows.
      remedies: lists ? [] : [{ label: 'Put them before the input', mapping: { ...mapping, input } }]
    }
  ]
}

/** `western`: whether the letters beyond ASCII stand as they do in western Europe. */
export function encodingFindings(told: Reading, given: Reading, western: boolean): Finding[] {
  if (told.encoding !== 'windows-1252' || given.encoding !== undefined) return []
  const others = encodings.filter((encoding) => !encoding.startsWith('utf-16') && encoding !== told.encoding)
  return [
    {
      code: 'encoding-told',
      level: western ? 'note' : 'ask',
      message: western
        ? `The file is not UTF-8; it is read as ${told.encoding}. See whether letters beyond a to z look right below.`
        : `The file is not UTF-8, and as ${told.encoding} (Western Europe), as it is read here, its letters stand as in no western language. ` +
          `Look at the rows, and say how it is written (in the check step, or --encoding windows-1251, gb18030, shift_jis, …).`,
      remedies: others.map((encoding) => ({ label: `Read as ${encoding}`, reading: { ...given, encoding } }))
    }
  ]
}

export function stop(code: string, message: string): Finding {
  return { code, level: 'stop', message, remedies: [] }
}

export function note(code: string, message: string): Finding {
  return { code, level: 'note', message, remedies: [] }
}
