import type { Binned, Label, LabelChange, Loss, Named, Thing } from '../../../src/main/contract/things.ts'
import { listOf } from '../../../src/main/features/things/labels.ts'
import type { World } from './router.ts'

/** Names, notes, use and deletion, as far as the screens need them. */
export function thingAnswers(world: World) {
  const labelOf = ({ what, id }: Thing): Label =>
    world.labels.find((label) => label.what === what && label.id === id) ?? {
      ...{ what, id, name: null, note: null, tags: [], archived: false }
    }
  const nameOf = ({ what, id }: Thing): string => {
    const thing = world[listOf[what]].find((one) => one.id === id)
    if (!thing) return id
    return 'spec' in thing ? thing.spec.name : 'name' in thing ? thing.name : `${thing.representation} index`
  }
  const using = ({ id }: Thing): Named[] =>
    world.experiments
      .filter(({ spec }) => [spec.datasetId, ...Object.values(spec.models), ...spec.targetIds].includes(id))
      .map(({ id, spec }) => ({ kind: 'experiment', id, name: spec.name }))
  const loss = (thing: Thing): Loss => ({
    name: nameOf(thing),
    lost: thing.what === 'index' ? [] : [{ kind: 'index', id: 'i-dense', name: 'Dense index of BART0' }],
    kept: thing.what === 'experiment' ? [] : using(thing),
    bytes: 679_000_000,
    copies: { files: [], bytes: 0 }
  })
  return {
    labels: (): Label[] => world.labels,
    label: ({ what, id, name, ...rest }: LabelChange): Label => {
      const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
      const label: Label = { ...labelOf({ what, id }), ...given, name: what === 'index' ? (name ?? '') : '' }
      world.labels = [...world.labels.filter((one) => one.what !== what || one.id !== id), label]
      if (name !== undefined && what !== 'index')
        Object.assign(world, {
          [listOf[what]]: world[listOf[what]].map((one) =>
            one.id !== id ? one : 'spec' in one ? { ...one, spec: { ...one.spec, name } } : { ...one, name }
          )
        })
      world.tell({ type: 'changed', what: 'labels', id: null })
      world.tell({ type: 'changed', what: listOf[what], id })
      return label
    },
    usedBy: using,
    loss,
    remove: ({ forGood, ...thing }: Thing & { forGood: boolean }): Binned | null => {
      const list = listOf[thing.what]
      const before = world[list]
      const { name, lost, bytes } = loss(thing)
      Object.assign(world, { [list]: before.filter((one) => one.id !== thing.id) })
      world.tell({ type: 'changed', what: list, id: thing.id })
      if (forGood) return null
      const now = new Date().toISOString()
      const binned = {
        ...thing,
        binId: `bin-${thing.id}`,
        name,
        others: lost.length,
        bytes,
        deletedAt: now,
        until: now
      }
      world.bin = [...world.bin, { ...binned, undo: () => Object.assign(world, { [list]: before }) }]
      return binned
    },
    bin: (): Binned[] => world.bin.map(({ undo: _, ...binned }) => binned),
    restore: (input: { binId: string }): Thing => {
      const found = world.bin.find(({ binId }) => binId === input.binId)!
      found.undo()
      world.bin = world.bin.filter((one) => one !== found)
      world.tell({ type: 'changed', what: listOf[found.what], id: found.id })
      return { what: found.what, id: found.id }
    },
    emptyBin: (input: { binIds: string[] | null }): { bytes: number } => {
      const gone = world.bin.filter(({ binId }) => input.binIds === null || input.binIds.includes(binId))
      world.bin = world.bin.filter((one) => !gone.includes(one))
      return { bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0) }
    }
  }
}
