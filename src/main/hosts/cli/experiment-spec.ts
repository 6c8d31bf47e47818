import { basename } from 'node:path'
import type { Command } from 'commander'
import { Option } from 'commander'
import type { Client } from '../../contract/client.ts'
import { LabError, problemsOf } from '../../contract/error.ts'
import {
  experimentSpecSchema,
  presetSchema,
  sweepSchema,
  type ExperimentSpec,
  type PresetName,
  type Sweep
} from '../../contract/experiments.ts'
import type { Model } from '../../contract/models.ts'
import { findNamed, type Called } from '../../naming/find-named.ts'
import { modelRoleNames, modelRoles, plays, rolesOf, strategyNames, type ModelRole } from '../../contract/strategies.ts'
import { readText } from './files.ts'
import { wholeNumber } from './numbers.ts'
import { applySetting, parseValue, refuseSet } from './set-values.ts'

export interface SpecOptions {
  name?: string
  preset?: PresetName
  model?: string
  encoder?: string
  reranker?: string
  retriever?: string
  data?: string
  targets?: string[]
  strategies?: string[]
  rounds?: number
  place?: string
  indexPlace?: string
  planned?: string[]
  tuneFor?: string
  sweep?: string[]
  set?: string[]
}

/** Study files, and the options that say what an experiment is or what differs from the file. Things are named by id or name. */
export function addSpecOptions(command: Command): Command {
  return command
    .argument('[studies...]', 'study files (YAML or JSON; "-" for standard input); the options change what they say')
    .option('--name <name>', 'what to call it')
    .addOption(new Option('--preset <preset>', 'where to start from (else: paper)').choices(presetSchema.options))
    .option('--model <base-model>', roleHelp('base'))
    .option('--encoder <encoder>', roleHelp('encoder'))
    .option('--reranker <reranker>', roleHelp('reranker'))
    .option('--retriever <retriever>', roleHelp('retriever'))
    .option('--data <upstream-data>', 'the upstream data')
    .option('--targets <target...>', 'the target tasks')
    .addOption(new Option('--strategies <strategies...>', 'what to compare').choices(strategyNames))
    .option('--rounds <count>', 'how many query sets', wholeNumber(1))
    .option('--place <place>', 'where its runs compute, by id or name; by default on this computer')
    .option('--index-place <place>', 'where the indices are built that it needs; by default on this computer')
    .option(
      '--planned <pairs...>',
      'comparisons that it is made for, e.g. semantic:random; they are tested as a family of their own'
    )
    .option('--tune-for <target>', 'tune everything for this target, whatever is tested; by default each for itself')
    .option(
      '--sweep <setting=values...>',
      'a setting with several values, each computed and compared, e.g. retrieval.budget=64,256,1024 or models.base=a,b'
    )
    .option('--set <setting=value...>', 'any other setting, e.g. tune.learningRate=1e-4')
}

/** What a model is for, and which strategies need it. */
function roleHelp(role: ModelRole): string {
  const users = strategyNames.filter((strategy) => rolesOf(strategy).includes(role))
  const all = users.length === strategyNames.length
  return `the ${modelRoles[role].name}${all ? '' : `, for ${users.join(' and ')}`}`
}

/** The models that options name, by the part that they play. */
function roleOptions(options: SpecOptions): Partial<Record<ModelRole, string>> {
  const named = modelRoleNames.map((role) => [role, options[modelRoles[role].option]])
  return Object.fromEntries(named.filter(([, name]) => name !== undefined)) as Partial<Record<ModelRole, string>>
}

/** Preset, then the study files, then the options: one experiment at least. Throws `bad-study` and `bad-spec`. */
export async function readSpecs(
  client: Client,
  files: readonly string[],
  options: SpecOptions
): Promise<ExperimentSpec[]> {
  const { preset, data, targets } = options
  const instead = {
    ...(preset === undefined ? {} : { preset }),
    ...(data === undefined ? {} : { data }),
    ...(targets === undefined ? {} : { targets }),
    models: roleOptions(options)
  }
  const texts =
    files.length === 0 ? [{ text: 'study: 1', source: 'The study' }] : await Promise.all(files.map(readFileOf))
  const place = {
    ...(options.place === undefined ? {} : { place: options.place }),
    ...(options.indexPlace === undefined ? {} : { indexPlace: options.indexPlace })
  }
  const specs: ExperimentSpec[] = []
  for (const { text, source } of texts) {
    const read = await client.studies.read({ text, source, instead })
    specs.push(...read.specs.map((spec) => withOptions({ ...spec, ...place }, options)))
  }
  return Promise.all(specs.map((spec) => withNames(client, spec, options)))
}

/** Targets and models that options name become ids. */
async function withNames(client: Client, spec: ExperimentSpec, { tuneFor }: SpecOptions): Promise<ExperimentSpec> {
  const models = spec.sweep.some(({ path }) => path.startsWith('models.')) ? await client.models.list() : []
  const sweep = spec.sweep.map((one) => namedValues(one, models))
  if (tuneFor === undefined) return { ...spec, sweep }
  return { ...spec, sweep, tuneFor: pick('target', await client.targets.list(), tuneFor) }
}

/** Models that a sweep's values name become ids. */
export function namedValues({ path, values }: Sweep, models: readonly Model[]): Sweep {
  const role = modelRoleNames.find((one) => path === `models.${one}`)
  if (role === undefined) return { path, values }
  const fitting = models.filter((model) => plays(role, model))
  const idOf = (value: Sweep['values'][number]) =>
    typeof value === 'string' ? pick(modelRoles[role].name, fitting, value) : value
  return { path, values: values.map(idOf) }
}

async function readFileOf(path: string): Promise<{ text: string; source: string }> {
  return { text: await readText(path), source: basename(path) }
}

function withOptions(read: ExperimentSpec, options: SpecOptions): ExperimentSpec {
  const { name, strategies, rounds, planned, sweep } = options
  const spec: Record<string, unknown> = {
    // Missing until somebody says it, and a setting like others to --set.
    keepWeights: undefined,
    ...read,
    ...(name === undefined ? {} : { name }),
    ...(strategies ? { strategies } : {}),
    ...(rounds ? { rounds } : {}),
    ...(planned ? { planned: planned.map(readPair) } : {}),
    ...(sweep ? { sweep: sweep.map(readSweep) } : {})
  }
  for (const setting of options.set ?? []) applySetting(spec, setting)
  const checked = experimentSpecSchema.safeParse(spec)
  if (checked.success) {
    if (checked.data.keepWeights === undefined) delete checked.data.keepWeights
    return checked.data
  }
  refuseSet(checked.error.issues, options.set ?? [])
  const problems = problemsOf(checked.error)
  throw new LabError('bad-spec', `This is no whole experiment. ${problems.join('; ')}.`, { details: { problems } })
}

/** `semantic:random`. Throws `bad-option`; names that no strategy has are found with the rest of the spec. */
function readPair(text_: string): { strategy: string; against: string } {
  const [strategy, against, ...rest] = text_.split(':')
  if (strategy && against && rest.length === 0) return { strategy, against }
  throw new LabError(
    'bad-option',
    `"${text_}" is no comparison. Write it as strategy:strategy, e.g. --planned semantic:random semantic:zero-shot.`
  )
}

/** The thing of that id or name; without a name the only one there is. Throws `not-found`, `name-ambiguous`, `bad-spec`. */
export function pick(noun: string, things: readonly Called[], wanted: string | undefined): string {
  if (wanted !== undefined) return findNamed(noun, things, wanted).id
  if (things.length === 1) return things[0]!.id
  const names = things.map((one) => one.name).join(', ') || 'none'
  throw new LabError('bad-spec', `Say which ${noun} to use. There are: ${names}.`)
}

/** `retrieval.budget=64,256`, or a JSON list behind the sign. Throws `bad-option`. */
export function readSweep(text: string): Sweep {
  const at = text.indexOf('=')
  const path = text.slice(0, Math.max(0, at))
  const list = text.slice(at + 1)
  const whole = list.startsWith('[') ? parseValue(list) : list.split(',').map(parseValue)
  const checked = sweepSchema.safeParse({ path, values: whole })
  if (checked.success) return checked.data
  throw new LabError(
    'bad-option',
    `"${text}" is no setting with values. Write it as path=value,value, e.g. --sweep retrieval.budget=64,256,1024.`
  )
}
