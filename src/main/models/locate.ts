/**
 * Finds a model's weights in a checkpoint, whatever prefix they were saved under: Transformers writes the same weights with
 * and without a prefix depending on the class that saved them, and tied tables under any of their names.
 */
import { LabError } from '../contract/error.ts'
import { architectureOf, encoderOf, type ModelConfig } from './architectures/index.ts'
import type { Parameter } from './parameters.ts'

/** What is asked of a checkpoint; `openCheckpoint` gives one. */
export interface TensorSource {
  readonly files: readonly string[]
  names(): readonly string[]
  has(name: string): boolean
  info(name: string): { readonly shape: readonly number[] }
}

export interface LocatedParameter extends Parameter {
  /** The tensor's name in the checkpoint; null where an optional one has its initial value. */
  readonly source: string | null
}

export interface LocateOptions {
  /** Accept a checkpoint without the classifier's own layers: they get initial values (before it is first trained). */
  freshHead?: boolean
}

/**
 * The model's parameters with the checkpoint's name of each.
 * @throws LabError `tensor-missing`, `tensor-shape`
 */
export function locateParameters(
  config: ModelConfig,
  checkpoint: TensorSource,
  { freshHead = false }: LocateOptions = {}
): LocatedParameter[] {
  refuseAdapterTensors(checkpoint)
  const architecture = architectureOf(config)
  const wanted = architecture.parameters(config).map((parameter) => ({
    parameter,
    names: architecture.checkpointNames(config, parameter.name)
  }))
  const wrapper = wrapperOf(wanted, checkpoint)
  const located: LocatedParameter[] = []
  for (const { parameter, names } of wanted) {
    const candidates = names.map((name) => wrapper + name)
    const source = candidates.find((name) => checkpoint.has(name)) ?? null
    // A tied table that was saved under the other's name is no table of its own.
    const isCopy = located.some(({ name, source: used }) => name === parameter.insteadOf && used === source)
    if (isCopy || (source === null && parameter.insteadOf !== null)) continue
    if (source === null) {
      if (!parameter.optional && !(freshHead && isHead(config, parameter.name))) {
        throw missing(parameter.name, candidates, checkpoint)
      }
    } else checkShape(parameter, source, checkpoint)
    located.push({ ...parameter, source })
  }
  return located
}

/** Weights of an adapter among a model's own change what it computes, and no name of the model's asks for them. */
function refuseAdapterTensors(checkpoint: TensorSource): void {
  const found = checkpoint
    .names()
    .find((name) => /\.(lora_(A|B|embedding_[AB]|magnitude_vector)|ia3_l|base_layer)\b/.test(name))
  if (found === undefined) return
  throw new LabError(
    'tensor-missing',
    `Tensor "${found}" in ${checkpoint.files.join(', ')} is part of an adapter (PEFT) that was not merged into the weights. ` +
      'Merge it (PEFT: merge_and_unload, then save_pretrained) and choose that folder.',
    { details: { tensor: found } }
  )
}

/**
 * What was put before every name by whatever held the model when it was saved: `module.` (DataParallel), `model.` (Lightning),
 * `_orig_mod.` (torch.compile), `0.auto_model.` (sentence-transformers). The one with which most weights are found; none
 * where that finds as many.
 */
function wrapperOf(
  wanted: readonly { parameter: Parameter; names: readonly string[] }[],
  checkpoint: TensorSource
): string {
  const first = wanted[0]?.names ?? []
  const prefixes = new Set([''])
  for (const name of checkpoint.names()) {
    for (const own of first) if (name.endsWith(`.${own}`)) prefixes.add(name.slice(0, -own.length))
  }
  const found = (prefix: string): number =>
    wanted.filter(({ names }) => names.some((name) => checkpoint.has(prefix + name))).length
  let best = { prefix: '', count: -1 }
  for (const prefix of prefixes) {
    const count = found(prefix)
    if (count > best.count) best = { prefix, count }
  }
  return best.prefix
}

/** The name under which Transformers saves a parameter for the model's own class. */
export function savedName(config: ModelConfig, name: string): string {
  if (config.role !== 'pair-classifier' || !encoderOf(config).hasPrefix(name)) return name
  return `${encoderOf(config).prefix}.${name}`
}

/** Whether a weight belongs to a classifier's own layers, not to its encoder. */
export function isHead(config: ModelConfig, name: string): boolean {
  return config.role !== 'seq2seq' && encoderOf(config).isHead(name)
}

/** @throws LabError `tensor-shape` */
export function checkShape(
  parameter: Parameter,
  source: string,
  checkpoint: Pick<TensorSource, 'files' | 'info'>
): void {
  const { shape } = checkpoint.info(source)
  if (shape.length === parameter.dims.length && shape.every((size, axis) => size === parameter.dims[axis])) return
  const files = checkpoint.files.join(', ')
  throw new LabError(
    'tensor-shape',
    `Tensor "${source}" in ${files} is [${shape.join(', ')}], but config.json asks for [${parameter.dims.join(', ')}]. ` +
      'Config and weights belong to different models; download the model again.',
    { details: { tensor: source, expected: parameter.dims, found: shape } }
  )
}

function missing(name: string, candidates: readonly string[], checkpoint: TensorSource): LabError {
  const files = checkpoint.files.join(', ')
  return new LabError(
    'tensor-missing',
    `No tensor "${name}" in ${files} (looked for ${candidates.join(', ')}). ` +
      'The weights do not belong to the config.json beside them, or were saved for another task; download the model again.',
    { details: { tensor: name, candidates } }
  )
}
