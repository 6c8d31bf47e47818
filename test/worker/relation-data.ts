import { Random } from '../../src/main/random/random.ts'
import type { NewExample } from '../../src/main/data/dataset-writer.ts'

/**
 * Upstream rows of families of tasks: other words of the family stand in every text. A candidate is made useful for the tasks of its
 * own family, and harmful for all others. A task of each family is kept apart.
 */
const families = {
  stones: ['ruby', 'opal', 'jade', 'onyx', 'topaz', 'agate'],
  winds: ['north', 'south', 'gale', 'breeze', 'storm', 'gust'],
  birds: ['robin', 'crow', 'finch', 'heron', 'stork', 'swan'],
  tools: ['saw', 'axe', 'drill', 'file', 'plane', 'chisel']
}
const fillers = ['cat', 'dog', 'owl', 'fox', 'hen', 'bee', 'ant', 'cow', 'red', 'big', 'old', 'new', 'wet', 'dry']
export const unseenTasks = Object.keys(families).map((family) => `${family}_3`)

export function relationRows(): NewExample[] {
  const random = new Random('relations')
  return Object.entries(families).flatMap(([group, words]) =>
    Array.from({ length: 4 }, (_, task) =>
      Array.from({ length: 60 }, (_, row): NewExample => {
        const words4 = [...random.sample(fillers, 4), ...random.sample(words, 2)]
        const name = `${group}_${task}`
        const source = { task: name, group, template: 'v0', sourceId: `${name}|train|v0|#${row}`, choices: null }
        return { ...source, input: `${random.shuffle(words4).join(' ')}, which ${'abcd'[task]}?`, outputs: ['yes'] }
      })
    ).flat()
  )
}
