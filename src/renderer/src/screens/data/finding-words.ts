import type { Finding, Remedy } from '../../../../main/contract/import.ts'
import { texts } from '../../texts/texts.ts'

const words = texts.data.wizard

/** What can be done about a finding, in the reader's language; names of sheets and lists stay as they are. */
export function remedyWords(remedy: Remedy, { code }: Pick<Finding, 'code'>): string {
  const { kind, reading, mapping, skipLimit } = remedy
  if (kind === 'target') return words.findings.target
  if (code === 'columns-left-out') return words.findings.putBefore
  if (mapping?.answer !== undefined) return words.answerKinds[mapping.answer]
  if (skipLimit !== undefined) return words.findings.setAside(skipLimit)
  if (code === 'part-needed' || code === 'part-missing') return reading?.part === '*' ? words.allParts : remedy.label
  if (reading?.encoding !== undefined) return words.findings.readAs(words.encodings[reading.encoding])
  if (reading?.quote === '') return words.findings.plainQuotes
  return remedy.label
}

/** What was found, in the reader's language where it is a sentence that does not hang on the file; else as the lab says it. */
export function findingWords({ code, message, remedies }: Finding): string {
  if (code === 'mapping-needed' && remedies.length > 0) return words.findings.oneColumn
  const known: Readonly<Record<string, string>> = words.findings.known
  return known[code] ?? message
}
