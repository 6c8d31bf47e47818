import type { PlaceCheck } from '../../../main/contract/places.ts'
import { bytes, count, duration } from '../texts/format.ts'
import { texts } from '../texts/texts.ts'

/**
 * What a step of a place's check has found, in the language of the page. Null where only the program's own words tell it: of
 * checks that an earlier version made, and of errors that nobody has put into the page's words.
 */
export function findingOf({ hello, steps }: PlaceCheck, step: PlaceCheck['steps'][number]): string | null {
  const { found, problems } = texts.settings.places
  if (!step.works) return step.code === null ? null : (problems[step.code] ?? null)
  const onNode = steps.some(({ name }) => name === 'Slurm')
  if (step.seconds !== null) return (onNode ? found.nodeJob : found.job)(duration(step.seconds))
  if (hello === null) return null
  if (step.name === 'Slurm') {
    if (hello.slurm === null) return null
    const partitions = hello.slurm.partitions.map(({ name, usual, nodes, cores, timeLimit }) =>
      found.partition({ name, nodes: count(nodes), cores: count(cores), time: timeLimit }, usual)
    )
    return found.slurm(hello.slurm.version, partitions.join('; '))
  }
  const { host, cores, processor, memoryBytes, freeBytes, gpus } = hello
  const graphics = gpus.length === 0 ? found.noGraphics : gpus.join(', ')
  const [memory, free] = [bytes(memoryBytes), bytes(freeBytes)]
  return found.machine({ host, cores: count(cores), processor, memory, free, graphics })
}
