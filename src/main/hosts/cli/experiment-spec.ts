import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Client } from '../../contract/client.ts'
import { refuseLfsPointer } from '../../files/lfs-pointer.ts'
import { LabError } from '../../contract/error.ts'
import { experimentSpecSchema, presetSchema, type ExperimentSpec } from '../../contract/experiments.ts'
import type { Model } from '../../contract/models.ts'
import { modelRoleNames, modelRoles, rolesOf, strategyNames, type ModelRole } from '../../contract/strategies.ts'
import { placeNamed } from './places.ts'

export interface SpecOptions {
  spec?: string
  name?: string
  preset?: string
  model?: string
  encoder?: string
  reranker?: string
  data?: string
  targets?: string[]
  strategies?: string[]
  rounds?: string
  place?: string
  planned?: string[]
  set?: string[]
}

/** The options that say what an experiment is. Things are named by id or by name. */
export function addSpecOptions(command: Command): Command {
  return command
    .option('--spec <file>', 'a JSON file with the whole experiment, or what differs from the preset')
    .option('--name <name>', 'what to call it')
    .option('--preset <preset>', `where to start from: ${presetSchema.options.join(', ')}`, 'paper')
    .option('--model <model>', roleHelp('base'))
    .option('--encoder <model>', roleHelp('encoder'))
    .option('--reranker <model>', roleHelp('reranker'))
    .option('--data <dataset>', 'the upstream data')
    .option('--targets <targets...>', 'the target tasks')
    .option('--strategies <strategies...>', `any of: ${strategyNames.join(', ')}`)
    .option('--rounds <count>', 'how many query sets')
    .option('--place <place>', 'where its runs compute, by id or name; by default on this computer')
    .option(
      '--planned <pairs...>',
      'comparisons that it is made for, e.g. semantic:random; they are tested as a family of their own'
    )
    .option('--set <setting=value...>', 'any other setting, e.g. tune.learningRate=1e-4')
}

/** What a model is for, and which strategies need it. */
function roleHelp(role: ModelRole): string {
  const users = strategyNames.filter((strategy) => rolesOf(strategy).includes(role))
  const all = users.length === strategyNames.length
  return `the ${modelRoles[role].name}${all ? '' : `, for ${users.join(' and ')}`}`
}

function roleOptions(options: Partial<Record<string, unknown>>): Record<string, string | undefined> {
  return Object.fromEntries(modelRoleNames.map((role) => [role, text(options[modelRoles[role].option])]))
}

/** Preset, then the spec file, then the options. Throws `bad-spec`, naming every field that is wrong. */
export async function readSpec(client: Client, options: SpecOptions): Promise<ExperimentSpec> {
  const preset = presetSchema.safeParse(options.preset ?? 'paper')
  if (!preset.success)
    throw new LabError(
      'bad-spec',
      `There is no preset "${options.preset}". Use one of: ${presetSchema.options.join(', ')}.`
    )
  const file = options.spec === undefined ? {} : await readJson(options.spec)
  const things = await resolveNames(client, file, options)
  // What a preset says hangs on the size of the model.
  const spec: Record<string, unknown> = {
    ...(await client.experiments.preset({ preset: preset.data, modelId: things.models.base }))
  }
  merge(spec, { ...file, ...things })
  const { name, strategies, rounds, planned, place } = options
  merge(spec, {
    ...(name === undefined ? {} : { name }),
    ...(strategies ? { strategies } : {}),
    ...(rounds ? { rounds: Number(rounds) } : {}),
    ...(place === undefined ? {} : { place: (await placeNamed(client, place)).id }),
    ...(planned ? { planned: planned.map(readPair) } : {})
  })
  spec['name'] ??= `Experiment of ${new Date().toISOString().slice(0, 16).replace('T', ' ')}`
  for (const setting of options.set ?? []) applySetting(spec, setting)
  const checked = experimentSpecSchema.safeParse(spec)
  if (checked.success) return checked.data
  const problems = checked.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
  throw new LabError('bad-spec', `This is no whole experiment. ${problems.join('; ')}.`, { details: { problems } })
}

/** `semantic:random`. Throws `bad-spec`; names that no strategy has are found with the rest of the spec. */
function readPair(text_: string): { strategy: string; against: string } {
  const [strategy, against, ...rest] = text_.split(':')
  if (strategy && against && rest.length === 0) return { strategy, against }
  throw new LabError(
    'bad-spec',
    `"${text_}" is no comparison. Write it as strategy:strategy, e.g. --planned semantic:random semantic:zero-shot.`
  )
}

async function resolveNames(
  client: Client,
  spec: Record<string, unknown>,
  { data, targets, ...options }: SpecOptions
): Promise<Pick<ExperimentSpec, 'models' | 'datasetId' | 'targetIds'>> {
  const [models, datasets, allTargets] = [
    await client.models.list(),
    await client.data.list(),
    await client.targets.list()
  ]
  const upstream = datasets.filter((one) => one.kind === 'upstream')
  const wanted = targets ?? (spec['targetIds'] as string[] | undefined) ?? allTargets.map((one) => one.id)
  return {
    models: pickModels(models, { ...named(spec), ...given(roleOptions(options)) }),
    datasetId: pick('upstream dataset', upstream, data ?? text(spec['datasetId'])),
    targetIds: wanted.map((one) => pick('target', allTargets, one))
  }
}

/** A model for every part: the one that was named, else the only one there is. The base model must be known. */
function pickModels(models: readonly Model[], wanted: Partial<Record<string, string>>): ExperimentSpec['models'] {
  const chosen = modelRoleNames.map((role) => {
    const { kind, name } = modelRoles[role]
    const fitting = models.filter((one) => one.role === kind)
    const open = role !== 'base' && wanted[role] === undefined && fitting.length !== 1
    return [role, open ? null : pick(name, fitting, wanted[role])]
  })
  return Object.fromEntries(chosen) as ExperimentSpec['models']
}

/** The models that a spec file names; files of before version 0.2 name them `modelId` and `encoderId`. */
function named(spec: Record<string, unknown>): Partial<Record<string, string>> {
  const { modelId, encoderId, models } = spec
  delete spec['modelId']
  delete spec['encoderId']
  const old = { base: text(modelId), encoder: text(encoderId) }
  const own = isObject(models) ? Object.entries(models).map(([role, id]) => [role, text(id)]) : []
  return { ...given(old), ...given(Object.fromEntries(own) as Record<string, string | undefined>) }
}

function given(names: Record<string, string | undefined>): Partial<Record<string, string>> {
  return Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined))
}

/** The thing of that id or name; without a name the only one there is. */
export function pick(
  noun: string,
  things: readonly { id: string; name: string }[],
  wanted: string | undefined
): string {
  const names = things.map((one) => one.name).join(', ') || 'none'
  if (wanted === undefined) {
    if (things.length === 1) return things[0]!.id
    throw new LabError('bad-spec', `Say which ${noun} to use. There are: ${names}.`)
  }
  const found = things.filter((one) => one.id === wanted || one.name === wanted)
  if (found.length === 1) return found[0]!.id
  const problem =
    found.length === 0
      ? `There is no ${noun} "${wanted}"`
      : `There are ${found.length} of the name "${wanted}": use the id`
  throw new LabError('bad-spec', `${problem}. There are: ${names}.`, { details: { noun, wanted } })
}

/** `tune.learningRate=1e-4`: values are JSON where they can be, else text. */
export function applySetting(spec: Record<string, unknown>, setting: string): void {
  const at = setting.indexOf('=')
  if (at < 1) throw new LabError('bad-spec', `"${setting}" is no setting. Write it as path=value, e.g. tune.epochs=1.`)
  const path = setting.slice(0, at).split('.')
  let inner = spec
  for (const key of path.slice(0, -1)) {
    const next = inner[key]
    if (!isObject(next)) throw new LabError('bad-spec', `There is no setting "${setting.slice(0, at)}".`)
    inner = next
  }
  const last = path.at(-1)!
  if (!(last in inner))
    throw new LabError(
      'bad-spec',
      `There is no setting "${setting.slice(0, at)}". There are: ${Object.keys(inner).join(', ')}.`
    )
  inner[last] = parseValue(setting.slice(at + 1))
}

function parseValue(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  refuseLfsPointer(path)
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (isObject(value)) return value
    throw new Error('it is not an object')
  } catch (cause) {
    throw new LabError('bad-spec', `${path} cannot be read as an experiment.`, { cause })
  }
}

function merge(into: Record<string, unknown>, from: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(from)) {
    const known = into[key]
    if (isObject(known) && isObject(value)) merge(known, value)
    else into[key] = value
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
