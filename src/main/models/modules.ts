/** The weights of what sentence-transformers puts behind the pooling; each module has a folder of its own. */
import { join } from 'node:path'
import { checkShape, type LocatedParameter } from './locate.ts'
import { poolingParameters, type AfterPooling } from './pooling.ts'
import { openCheckpoint } from './weights/checkpoint.ts'

export interface Modules {
  readonly parameters: readonly LocatedParameter[]
  has(name: string): boolean
  read(name: string): Promise<Float32Array>
}

export const noModules: Modules = {
  parameters: [],
  has: () => false,
  read: (name) => Promise.reject(new Error(`no module has the weight "${name}"`))
}

/** @throws LabError `checkpoint-missing`, `tensor-missing`, `tensor-shape` */
export async function openModules(folder: string, after: readonly AfterPooling[]): Promise<Modules> {
  const values = new Map<string, Float32Array>()
  const parameters: LocatedParameter[] = []
  for (const step of after) {
    if (step.kind !== 'linear') continue
    const checkpoint = await openCheckpoint(join(folder, step.path))
    try {
      for (const parameter of poolingParameters([step])) {
        // The file has the layer's own names, ours begin with its folder.
        const own = parameter.name.slice(step.path.length + 1)
        checkpoint.info(own)
        checkShape(parameter, own, checkpoint)
        values.set(parameter.name, await checkpoint.read(own))
        parameters.push({ ...parameter, source: parameter.name })
      }
    } finally {
      await checkpoint.close()
    }
  }
  return {
    parameters,
    has: (name) => values.has(name),
    read: (name) => Promise.resolve(values.get(name)!)
  }
}
