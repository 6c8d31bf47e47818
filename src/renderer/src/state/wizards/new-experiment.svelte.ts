import type {
  Experiment,
  ExperimentPlan,
  ExperimentSpec,
  KeepWeights,
  PresetName
} from '../../../../main/contract/experiments.ts'
import { earlyStoppingSchema } from '../../../../main/contract/run-settings.ts'
import type { Settings } from '../../../../main/contract/settings.ts'
import {
  goesWithoutSaying,
  isTuned,
  modelRoleNames,
  modelRoles,
  plays,
  type StrategyName,
  strategyNames
} from '../../../../main/contract/strategies.ts'
import type { Client, Outputs } from '../../api/client.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { Resource } from '../resource.svelte.ts'
import { differences, labCommand } from '../shell.ts'
import { carriedOver } from './carried-over.ts'
import { Wizard } from '../wizard.svelte.ts'
import {
  initial,
  type Materials,
  missingRoles,
  type PlannedPair,
  type Preset,
  steps,
  type Values,
  words
} from './experiment-steps.ts'
import { WizardWork } from './wizard-work.svelte.ts'

/** The wizard for experiments: a preset fills everything in, the plan says what it costs before it starts. */
export class NewExperiment extends WizardWork<Values, Experiment> {
  readonly plan: Resource<ExperimentPlan>
  /** In what it differs from the paper and from the paper's code. */
  readonly differences: Resource<Outputs['experiments']['differences']>
  readonly #client: Client

  constructor(client: Client, drafts: DraftStore) {
    super(new Wizard('new-experiment', steps, initial, drafts))
    this.#client = client
    this.plan = new Resource(() => client.experiments.plan(this.spec))
    this.differences = new Resource(() => client.experiments.differences({ spec: this.spec }))
  }

  /**
   * Puts in what goes without saying: where there is only one to choose from, it is chosen; helping models are taken
   * along, as they cost nothing. What was chosen and has been deleted since is no longer chosen. Called at each new start, and
   * whenever the lab's lists change.
   */
  settle({ models, datasets, targets }: Materials): void {
    if (!models.value || !datasets.value || !targets.value) return
    const { values } = this.wizard
    const upstream = datasets.value.filter((dataset) => dataset.kind === 'upstream').map(({ id }) => id)
    const all = targets.value.map(({ id }) => id)
    const still = (id: string | null, list: string[]): string | null => (id !== null && list.includes(id) ? id : null)
    const only = (list: string[]): string | null => (list.length === 1 ? (list[0] ?? null) : null)
    values.datasetId = still(values.datasetId, upstream) ?? only(upstream)
    for (const role of modelRoleNames) {
      const fitting = models.value.filter((model) => plays(role, model)).map(({ id }) => id)
      const usual = models.value.filter((model) => goesWithoutSaying(role, model)).map(({ id }) => id)
      const unsaid = role === 'base' ? only(usual) : (usual[0] ?? null)
      values.models[role] = still(values.models[role], fitting) ?? unsaid
    }
    if (values.targetIds.some((id) => !all.includes(id)))
      values.targetIds = values.targetIds.filter((id) => all.includes(id))
    if (values.targetIds.length === 0 && all.length === 1) values.targetIds = [...all]
  }

  /** From the page of a thing, or the end of another wizard: a new start with that chosen. */
  take({ data, model, targets }: Readonly<Record<string, string>>): void {
    if (data === undefined && model === undefined && targets === undefined) return
    if (this.wizard.at > 0) this.wizard.reset()
    const { values } = this.wizard
    if (data !== undefined) values.datasetId = data
    if (model !== undefined) values.models.base = model
    if (targets !== undefined) values.targetIds = targets.split(',')
  }

  /** Fills everything in as another experiment has it, to be changed from there. What is the same is not computed again. */
  async copy(id: string, stepId: string, { nextSeed = false, elsewhere = false } = {}): Promise<void> {
    const experiment = await this.attempt(() => this.#client.experiments.get({ id }))
    if (experiment === null) return
    const { spec } = experiment
    const { name, tuneFor, targetIds } = spec
    const seed = spec.seed + 1
    const next = nextSeed ? { seed, name: words.againName(name, seed) } : { name: words.copyName(name) }
    // What was tuned for its first target is tested on those that are chosen next.
    const tuned = elsewhere ? { tuneFor: tuneFor ?? targetIds[0] ?? null } : {}
    await this.fillIn({ ...spec, ...next, ...tuned }, stepId)
  }

  /** Fills everything in as a whole experiment says it. */
  async fillIn({ name, models, datasetId, targetIds, ...settings }: ExperimentSpec, stepId: string): Promise<void> {
    const asked = { preset: 'paper', modelId: models.base } as const
    const unchanged = await this.attempt(() => this.#client.experiments.preset(asked))
    if (unchanged === null) return
    this.wizard.reset()
    Object.assign(this.wizard.values, {
      ...{ preset: null, name, models, datasetId, targetIds },
      ...{
        strategies: settings.strategies,
        ownStrategies: true,
        unchanged,
        fittedTo: models.base,
        rateJob: null,
        settings
      }
    } satisfies Values)
    this.wizard.goTo(stepId)
  }

  /** Another base model has another size: the preset is fitted to it, and what the user has changed stays as it is. */
  async fit(provider: Settings['provider'] = 'auto'): Promise<void> {
    const { values } = this.wizard
    const { preset, models, settings, unchanged } = $state.snapshot(values)
    const modelId = models.base
    if (!settings || !unchanged || modelId === values.fittedTo) return
    values.fittedTo = modelId
    const asked = await this.attempt(() => this.#client.experiments.preset({ preset: preset ?? 'paper', modelId }))
    if (asked === null || values.fittedTo !== modelId) return
    const fresh: Preset = { ...asked, provider }
    values.unchanged = structuredClone(fresh)
    values.settings = carriedOver(unchanged, settings, fresh)
  }

  /** Fills everything in; the provider is the one of the lab's settings. */
  async setPreset(preset: PresetName, provider: Settings['provider'] = 'auto'): Promise<void> {
    const modelId = this.wizard.values.models.base
    const asked = await this.attempt(() => this.#client.experiments.preset({ preset, modelId }))
    if (asked === null) return
    const settings: Preset = { ...asked, provider }
    Object.assign(this.wizard.values, {
      ...{ preset, fittedTo: modelId, settings, unchanged: structuredClone(settings), ownStrategies: false }
    } satisfies Partial<Values>)
    this.fitStrategies()
  }

  /** The preset's strategies, as far as there are models for them, unless the user has said which. */
  fitStrategies(): void {
    const { values } = this.wizard
    if (values.ownStrategies || !values.unchanged) return
    const left = new Set(this.leftOut)
    const { strategies } = values.unchanged
    const fitting = strategyNames.filter((name) => !isTuned(name) || (strategies.includes(name) && !left.has(name)))
    if (fitting.join() !== values.strategies.join()) values.strategies = fitting
  }

  /** Strategies of the preset that nothing here can play a part of, so that they are not chosen. */
  get leftOut(): StrategyName[] {
    const { values } = this.wizard
    if (values.ownStrategies || !values.unchanged) return []
    return strategyNames.filter(
      (name) => values.unchanged!.strategies.includes(name) && missingRoles(name, values).length > 0
    )
  }

  /** A target that has too few query sets for the plan; null: that is not what stands in its way. */
  get lacksQueries(): { id: string; size: number; rounds: number } | null {
    const { problem } = this.plan
    if (problem?.code !== 'too-few-query-sets') return null
    const { targetId, size, rounds } = problem.details
    return { id: String(targetId), size: Number(size), rounds: Number(rounds) }
  }

  /** Draws them from the target's own questions, which the plan then warns of, and plans again. */
  async sampleQueries(): Promise<void> {
    const lacking = this.lacksQueries
    if (lacking === null) return
    const seed = this.wizard.values.settings?.seed ?? 42
    if ((await this.attempt(() => this.#client.targets.sampleQueries({ ...lacking, seed }))) !== null)
      await this.plan.load()
  }

  toggleTarget(id: string): void {
    this.wizard.values.targetIds = toggled(this.wizard.values.targetIds, id)
  }

  /** Zero-shot cannot be left out: without it nobody knows whether tuning helps. */
  toggleStrategy(strategy: StrategyName): void {
    if (!isTuned(strategy)) return
    this.wizard.values.ownStrategies = true
    const chosen = toggled(this.wizard.values.strategies, strategy)
    this.wizard.values.strategies = strategyNames.filter((name) => chosen.includes(name))
  }

  /** Every two of the chosen strategies, the later named one against the other, as the table of results has them. */
  get pairs(): PlannedPair[] {
    const { strategies } = this.wizard.values
    return strategies.flatMap((strategy, at) => strategies.slice(0, at).map((against) => ({ strategy, against })))
  }

  /** What was named as planned, as far as its strategies are still chosen. */
  get planned(): PlannedPair[] {
    return this.pairs.filter((pair) => this.isPlanned(pair))
  }

  isPlanned(pair: PlannedPair): boolean {
    return (this.wizard.values.settings?.planned ?? []).some((one) => samePair(one, pair))
  }

  togglePlanned(pair: PlannedPair): void {
    const { settings } = this.wizard.values
    if (!settings) return
    settings.planned = this.isPlanned(pair)
      ? this.planned.filter((one) => !samePair(one, pair))
      : [...this.planned, pair]
  }

  /** Undefined: as much as fits. */
  setKeep(keep: KeepWeights | undefined): void {
    const { settings } = this.wizard.values
    if (!settings) return
    if (keep === undefined) delete settings.keepWeights
    else settings.keepWeights = keep
  }

  toggleAblation(group: string): void {
    const { settings } = this.wizard.values
    if (settings) settings.ablateGroups = toggled(settings.ablateGroups, group)
  }

  toggleEarlyStopping(): void {
    const { settings } = this.wizard.values
    if (settings) settings.tune.earlyStopping = settings.tune.earlyStopping ? null : earlyStoppingSchema.parse({})
  }

  get spec(): ExperimentSpec {
    const values: Values = $state.snapshot(this.wizard.values)
    const { settings, name, models, datasetId, targetIds, strategies } = values
    if (!settings) throw new Error('A preset must be chosen before the plan is made.')
    return {
      ...settings,
      name: name.trim() || words.defaultName(''),
      models: { ...models, base: models.base ?? '' },
      datasetId: datasetId ?? '',
      targetIds,
      strategies,
      planned: $state.snapshot(this.planned)
    }
  }

  protected begin(): Promise<Experiment> {
    return this.#client.experiments.start(this.spec)
  }

  /** Its page shows how it goes on; whoever comes back here finds empty steps. */
  protected begun(): void {
    this.wizard.reset()
  }

  get command(): string {
    const { preset, name, models, datasetId, targetIds, strategies, settings, unchanged } = this.wizard.values
    const {
      strategies: _,
      rounds: __,
      planned: ___,
      place = null,
      indexPlace = null,
      sweep = [],
      ...changes
    } = settings ?? { strategies: [], rounds: 0, planned: [] }
    return labCommand(['experiment', 'run'], {
      name: name.trim(),
      preset,
      ...Object.fromEntries(modelRoleNames.map((role) => [modelRoles[role].option, models[role]])),
      data: datasetId,
      targets: targetIds,
      strategies,
      rounds: settings?.rounds === unchanged?.rounds ? null : settings?.rounds,
      planned: this.planned.map(({ strategy, against }) => `${strategy}:${against}`),
      place,
      'index-place': indexPlace,
      sweep: sweep.map(({ path, values }) => `${path}=${JSON.stringify(values)}`),
      set: unchanged ? differences(unchanged, changes) : []
    })
  }
}

/** Which of the two is named first says nothing. */
function samePair(a: PlannedPair, b: PlannedPair): boolean {
  return (
    (a.strategy === b.strategy && a.against === b.against) || (a.strategy === b.against && a.against === b.strategy)
  )
}

function toggled<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((entry) => entry !== item) : [...list, item]
}
