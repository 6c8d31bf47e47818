import type { DraftStore } from './drafts.svelte.ts'

/** One page of a wizard, as data. */
export interface WizardStep<Values> {
  id: string
  title: string
  /** What this step is about and what will happen, in a sentence or two. */
  text: string
  /** Steps that do not apply are left out, e.g. the file preview of a download. */
  applies?: (values: Values) => boolean
  /** What is still missing, or null where one may go on. */
  missing: (values: Values) => string | null
}

/** The work that a wizard has started. */
export interface Begun {
  jobId: string
  /** The user has seen how it ended: whoever opens the wizard again wants a new start. */
  seen: boolean
}

interface Kept<Values> {
  stepId: string
  values: Partial<Values>
  begun: Begun | null
}

/**
 * A wizard: a list of steps and where the user is in it. What was entered is kept when going back, forward, away and
 * back again, until the wizard has made its thing.
 */
export class Wizard<Values extends object> {
  values = $state() as Values
  stepId = $state('')
  /** The job at the end of the steps, once it was started. */
  begun = $state<Begun | null>(null)
  /** Counts up at each new start, so that defaults are put in again. */
  starts = $state(0)
  readonly #all: readonly WizardStep<Values>[]
  readonly #name: string
  readonly #initial: () => Values
  readonly #drafts: DraftStore

  constructor(name: string, steps: readonly WizardStep<Values>[], initial: () => Values, drafts: DraftStore) {
    this.#name = name
    this.#all = steps
    this.#initial = initial
    this.#drafts = drafts
    const kept = this.#read()
    this.values = { ...initial(), ...kept?.values }
    this.begun = kept?.begun ?? null
    this.stepId = kept?.stepId ?? ''
    if (!this.steps.some((step) => step.id === this.stepId)) this.stepId = this.steps[0]?.id ?? ''
    this.goTo(this.stepId)
  }

  get steps(): WizardStep<Values>[] {
    return this.#all.filter((step) => step.applies?.(this.values) ?? true)
  }

  get at(): number {
    return Math.max(
      0,
      this.steps.findIndex((step) => step.id === this.stepId)
    )
  }

  get step(): WizardStep<Values> {
    const step = this.steps[this.at]
    if (!step) throw new Error('A wizard needs at least one step.')
    return step
  }

  get missing(): string | null {
    return this.step.missing(this.values)
  }

  get isFirst(): boolean {
    return this.at === 0
  }

  get isLast(): boolean {
    return this.at === this.steps.length - 1
  }

  next(): void {
    if (this.missing === null && !this.isLast) this.stepId = this.steps[this.at + 1]?.id ?? this.stepId
  }

  back(): void {
    if (!this.isFirst) this.stepId = this.steps[this.at - 1]?.id ?? this.stepId
  }

  /** A step can be reached when nothing is missing in those before it. */
  canReach(id: string): boolean {
    const steps = this.steps
    const target = steps.findIndex((step) => step.id === id)
    return target >= 0 && steps.slice(0, target).every((step) => step.missing(this.values) === null)
  }

  /** Goes to a step, or as far towards it as what was entered allows. */
  goTo(id: string): void {
    const reachable = this.steps.filter((step) => this.canReach(step.id))
    const wanted = reachable.find((step) => step.id === id) ?? reachable.at(-1)
    if (wanted) this.stepId = wanted.id
  }

  /** The steps are done; from now on the wizard shows the work. */
  begin(jobId: string): void {
    this.begun = { jobId, seen: false }
  }

  /** Back from the work to the steps, with everything as it was entered. */
  reopen(stepId?: string): void {
    this.begun = null
    if (stepId !== undefined) this.goTo(stepId)
  }

  /** Keeps what was entered; called by an effect at every change. */
  keep(): void {
    const kept: Kept<Values> = { stepId: this.stepId, values: this.values, begun: this.begun }
    this.#drafts.keep(this.#name, JSON.stringify(kept))
  }

  /** Starts over: the thing is made, or the user wants an empty form. */
  reset(): void {
    this.values = this.#initial()
    this.stepId = this.steps[0]?.id ?? ''
    this.begun = null
    this.starts++
    this.#drafts.forget(this.#name)
  }

  #read(): Kept<Values> | null {
    try {
      const kept: unknown = JSON.parse(this.#drafts.read(this.#name) ?? 'null')
      if (typeof kept !== 'object' || kept === null || !('values' in kept) || typeof kept.values !== 'object')
        return null
      const begun = 'begun' in kept && isBegun(kept.begun) ? kept.begun : null
      return begun?.seen ? null : { ...(kept as Kept<Values>), begun }
    } catch {
      return null
    }
  }
}

function isBegun(value: unknown): value is Begun {
  return typeof value === 'object' && value !== null && 'jobId' in value && typeof value.jobId === 'string'
}
