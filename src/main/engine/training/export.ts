/** Writes the result of a training: a patch against the model folder, or all weights. */
import { LabError } from '../../contract/error.ts'
import type { TrainSettings } from '../engine.ts'
import type { LoadedModel } from '../loaded-model.ts'
import { writeModelFolder } from '../model-folder.ts'
import { addProduct, writePatch, type PatchTensor } from '../patch.ts'
import { weightKey, type TrainingDevice } from './device.ts'
import { adapterNames, type TrainedWeight } from './trainable.ts'

export interface ExportOptions {
  model: LoadedModel
  device: TrainingDevice
  trained: readonly TrainedWeight[]
  settings: TrainSettings
  folder: string
  kind: 'patch' | 'full'
}

export async function exportTraining(options: ExportOptions): Promise<void> {
  const state = await options.device.state()
  const values = new Map(state.map(({ name, data }) => [name, data]))
  const trained = options.trained.map(({ name, dims }): PatchTensor => ({
    name,
    dims,
    data: values.get(weightKey(name))!
  }))
  if (options.kind === 'patch') await exportPatch(options, trained)
  else await exportFull(options, trained)
}

async function exportPatch({ model, settings, folder }: ExportOptions, trained: readonly PatchTensor[]): Promise<void> {
  const { weights, base } = model
  if (settings.method === 'lora') {
    if (weights.changed.size > 0) {
      throw new LabError(
        'patch-on-patch',
        'The model was loaded with a patch, and LoRA was trained on top of it: that cannot be one patch. Export the full weights.'
      )
    }
    await writePatch(folder, { kind: 'adapter', base, scale: scaleOf(settings) }, trained)
    return
  }
  // What an earlier patch replaced belongs to the result too.
  const own = new Set(trained.map(({ name }) => name))
  const earlier = [...weights.changed].filter((name) => !own.has(name))
  const kept = earlier.map((name): PatchTensor => ({ name, dims: weights.dims(name), data: weights.data(name) }))
  await writePatch(folder, { kind: 'tensors', base }, [...trained, ...kept])
}

/** A complete model folder: adapters are multiplied out. */
async function exportFull({ model, settings, folder }: ExportOptions, trained: readonly PatchTensor[]): Promise<void> {
  const values = new Map(trained.map(({ name, data }) => [name, data]))
  await writeModelFolder(model, folder, (name) => {
    const own = values.get(name) ?? model.weights.data(name)
    const { down, up } = adapterNames(name)
    const [a, b] = [values.get(down), values.get(up)]
    if (!a || !b || !settings.lora) return own
    const sum = Float32Array.from(own)
    addProduct(sum, { up: b, down: a, rank: settings.lora.rank }, scaleOf(settings))
    return sum
  })
}

const scaleOf = ({ lora }: TrainSettings): number => (lora ? lora.alpha / lora.rank : 1)
