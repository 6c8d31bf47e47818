import { pageOf } from '../screens/table.ts'
import type { Label, Thing, ThingKind } from '../../../main/contract/things.ts'
import type { LabState } from './lab.svelte.ts'

/** The list that a thing stands in: its page's address begins with that of the list. */
export function listOf(kind: ThingKind): string {
  return pageOf(kind).split('/').slice(0, 2).join('/')
}

export function labelOf(lab: LabState, { what, id }: Thing): Label {
  const found = lab.labels.value?.find((label) => label.what === what && label.id === id)
  return found ?? { what, id, name: null, note: null, tags: [], archived: false }
}

/** Labels by id, for a list. */
export function labelsOf(lab: LabState, what: ThingKind): ReadonlyMap<string, Label> {
  return new Map((lab.labels.value ?? []).filter((label) => label.what === what).map((label) => [label.id, label]))
}

/** "a, b ,, a" → ["a", "b"]. */
export function tagsIn(text: string): string[] {
  return [...new Set(text.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '')
}
