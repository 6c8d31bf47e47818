import type { Settings } from '../../../main/contract/settings.ts'
import { texts } from '../texts/texts.ts'

interface Option<T> {
  value: T
  label: string
}

/** Entries of a `SelectField` in this order, each with its label from the texts. */
export function optionsOf<T extends string>(values: readonly T[], labels: Readonly<Record<T, string>>): Option<T>[] {
  return values.map((value) => ({ value, label: labels[value] }))
}

const { providers } = texts.settings.compute

/** What may compute, as a `SelectField` offers it. */
export const providerOptions: readonly Option<Settings['provider']>[] = (
  Object.keys(providers) as Settings['provider'][]
).map((value) => ({ value, label: providers[value].name }))
