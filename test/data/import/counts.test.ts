import fc from 'fast-check'
import { expect, it } from 'vitest'
import { workbook } from '../../../src/main/files/workbook.ts'
import { zip } from './archives.ts'
import { importFiles } from './run-import.ts'

/** What can stand at a place of a file: a whole record, one that cannot be used, or nothing at all. */
const place = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('good'), text: fc.stringMatching(/^[a-z][a-z ,;"'é]{0,20}[a-z]$/) })
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'bad', text: '' }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'blank', text: '' }) }
)
type Place = { kind: string; text: string }

const csv = (places: readonly Place[], delimiter: string, end: string): string => {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const line = ({ kind, text }: Place) =>
    kind === 'blank' ? '' : [cell(kind === 'bad' ? '' : text), cell('yes')].join(delimiter)
  return [`question${delimiter}answer`, ...places.map(line)].map((one) => one + end).join('')
}
const record = ({ kind, text }: Place): string =>
  kind === 'bad' ? '{"question": 7 7}' : JSON.stringify({ question: text, answer: 'yes' })
const jsonl = (places: readonly Place[], end: string): string =>
  places.map((one) => (one.kind === 'blank' ? '' : record(one)) + end).join('')

/** The same places in every format that has them. */
const formats: Record<string, (places: readonly Place[]) => Promise<Buffer> | Buffer | string> = {
  'a.csv': (places) => csv(places, ',', '\n'),
  'a.tsv': (places) => csv(places, '\t', '\r\n'),
  'semicolon.csv': (places) => `\ufeffsep=;\r\n${csv(places, ';', '\r\n')}`,
  'mac.csv': (places) => csv(places, ',', '\r'),
  'wide.csv': (places) => Buffer.from(`\ufeff${csv(places, ',', '\n')}`, 'utf16le'),
  'a.jsonl': (places) => jsonl(places, '\n'),
  'windows.jsonl': (places) => `\ufeff${jsonl(places, '\r\n')}`,
  'a.json': (places) =>
    `[${places
      .filter(({ kind }) => kind !== 'blank')
      .map(record)
      .join(',\n')}]`,
  'a.xlsx': (places) =>
    workbook([
      {
        name: 'a',
        rows: [
          ['question', 'answer'],
          ...places.map(({ kind, text }) => (kind === 'blank' ? ['', ''] : [kind === 'bad' ? '' : text, 'yes']))
        ]
      }
    ]),
  'a.zip': (places) => zip({ 'one.jsonl': jsonl(places, '\n') }),
  'a.txt': (places) => places.map(({ kind, text }) => `${kind === 'good' ? text : ''}\n`).join('')
}

it.each(Object.keys(formats))('of %s every record is read or set aside: as many as were written', async (name) => {
  await fc.assert(
    fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 40 }), async (places) => {
      const count = (kind: string) => places.filter((one) => one.kind === kind).length
      // Without a good record there is nothing to import.
      fc.pre(count('good') > 2)
      const questions = name.endsWith('.txt')
      const { output, examples, rejected } = await importFiles(
        { [name]: Buffer.from(await formats[name]!(places)) },
        questions
          ? { kind: 'target', format: 'text', mapping: { input: 'text', output: null } }
          : { mapping: { input: 'question', output: 'answer' }, skipLimit: 100 }
      )
      expect(examples.map(({ input }) => input)).toEqual(
        places.flatMap(({ kind, text }) => (kind === 'good' ? [text] : []))
      )
      expect(output.examples).toBe(count('good'))
      expect(output.rejected).toBe(questions ? 0 : count('bad'))
      expect(rejected).toHaveLength(output.rejected)
    }),
    { numRuns: 5, seed: 18 }
  )
})
