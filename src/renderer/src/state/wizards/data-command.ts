import type { Reading } from '../../../../main/contract/import.ts'
import { labCommand } from '../shell.ts'
import { queriesFrom, mappingFrom, type DataValues } from './get-data-steps.ts'

/** The command that does what the wizard for data does. */
export function dataCommand(values: DataValues): string {
  if (values.source === 'catalog') return labCommand(['download', values.entryId ?? ''])
  if (values.source === 'hub')
    return labCommand(['download', values.repo.trim()], {
      dataset: true,
      config: values.configs,
      split: values.split,
      ...sharedOptions(values),
      // What is downloaded may be tolerated more by the command line, where nobody says.
      'skip-bad-lines': values.skipLimit,
      name: values.name.trim()
    })
  return labCommand(['import', values.file.trim()], {
    name: values.name.trim(),
    ...sharedOptions(values),
    accept: values.accepted,
    groups: values.groupsFile.trim(),
    queries: values.querySetsFile.trim()
  })
}

function sharedOptions(values: DataValues) {
  const mapping = mappingFrom(values)
  const drawn = queriesFrom(values)
  return {
    target: values.kind === 'target',
    format: values.format,
    input: mapping?.input?.replaceAll('\n', '\\n'),
    output: mapping?.output,
    jinja: mapping?.templates?.source,
    'prompts-per-row': mapping?.templates?.perRow,
    'prompt-seed': mapping?.templates?.perRow ? mapping.templates.seed : null,
    task: mapping?.task,
    'task-name': mapping?.task ? null : mapping?.taskName,
    group: mapping?.group,
    template: mapping?.template,
    id: mapping?.id,
    choices: mapping?.choices,
    'choice-names': mapping?.choiceNames,
    answer: mapping?.answer,
    labels: mapping?.labels ? wordsText(mapping.labels) : null,
    ...readingOptions(values.reading),
    ...(drawn === null
      ? {}
      : { 'sample-queries': drawn.size, 'sample-rounds': drawn.rounds, 'sample-seed': drawn.seed }),
    'skip-bad-lines': values.skipLimit || null
  }
}

/** `0=no, 1=yes`, as it is typed and as the command line takes it. */
export function wordsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([number, word]) => `${number}=${word}`)
    .join(', ')
}

/** The words of `0=no, 1=yes`; null where nothing is named. */
export function wordsFrom(text: string): Record<string, string> | null {
  const pairs = text.split(',').flatMap((pair) => {
    const [, number, word] = /^\s*([^=]+?)\s*=\s*(.+?)\s*$/.exec(pair) ?? []
    return number !== undefined && word !== undefined ? [[number, word] as const] : []
  })
  return pairs.length > 0 ? Object.fromEntries(pairs) : null
}

function readingOptions({ encoding, delimiter, quote, escape, header, sheet, part }: Reading) {
  return {
    encoding,
    delimiter: delimiter === '\t' ? 'tab' : delimiter,
    quote: quote === undefined ? null : { '"': 'double', "'": 'single', '': 'none' }[quote],
    escape: escape === undefined ? null : escape === '' ? 'none' : 'backslash',
    header: header === true,
    'no-header': header === false,
    sheet,
    part
  }
}
