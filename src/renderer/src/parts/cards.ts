import type { Dataset } from '../../../main/contract/data.ts'
import type { Index, Model } from '../../../main/contract/models.ts'
import { counted, inLine, short } from '../texts/format.ts'
import { texts } from '../texts/texts.ts'

/** The lab's things as cards to choose from: the name, and what tells one from another. */

export function dataCard({ id, name, examples, tasks }: Dataset) {
  const note = `${counted(examples, ...texts.counts.examples)} · ${counted(tasks, ...texts.counts.tasks)}`
  return { value: id, title: name, note }
}

/** What kind of index it is: whose likeness, and of what its vectors are made where that is not the inputs alone. */
export function indexKind({ representation, over }: Pick<Index, 'representation' | 'over'>): string {
  const { title } = texts.indices.representations[representation]
  return over === 'both' ? texts.indices.withOver(title) : title
}

export function modelCard({ id, name, role, parameters }: Model) {
  const note = `${short(parameters)} ${inLine(texts.models.columns.parameters)}`
  return { value: id, title: name, text: texts.models.roles[role].name, note }
}
