import type { Dataset } from '../../../main/contract/data.ts'
import type { Model } from '../../../main/contract/models.ts'
import { counted, inLine, short } from '../texts/format.ts'
import { texts } from '../texts/texts.ts'

/** The lab's things as cards to choose from: the name, and what tells one from another. */

export function dataCard({ id, name, examples, tasks }: Dataset) {
  const note = `${counted(examples, ...texts.counts.examples)} · ${counted(tasks, ...texts.counts.tasks)}`
  return { value: id, title: name, note }
}

export function modelCard({ id, name, role, parameters }: Model) {
  const note = `${short(parameters)} ${inLine(texts.models.columns.parameters)}`
  return { value: id, title: name, text: texts.models.roles[role].name, note }
}
