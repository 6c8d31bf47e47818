import type { Sweep } from '../../../main/contract/experiments.ts'

interface Named {
  id: string
  name: string
}

/** `64, 256` as numbers, other words as they are; names of models become their ids. */
export function readValues(text: string, models: readonly Named[]): Sweep['values'] {
  const words = text.split(',').map((word) => word.trim())
  return words
    .filter((word) => word !== '')
    .map((word) => {
      const model = models.find(({ id, name }) => name === word || id === word)
      if (model) return model.id
      if (word === 'true' || word === 'false') return word === 'true'
      const number = Number(word)
      return Number.isFinite(number) ? number : word
    })
}

export function writeValues(values: Sweep['values'], models: readonly Named[]): string {
  return values.map((value) => models.find(({ id }) => id === value)?.name ?? String(value)).join(', ')
}
