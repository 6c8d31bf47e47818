import type { Settings } from '../../../../main/contract/settings.ts'
import { Resource } from '../resource.svelte.ts'
import type { Wizard } from '../wizard.svelte.ts'
import { JobWizard } from './wizard-work.svelte.ts'

/** What work will cost, and the very same thing where it is there already. */
export interface Estimate {
  seconds: number
  bytesDisk: number
  bytesMemory: number
  exists?: { id: string } | null
}

/** What computes. It is asked for when it is needed: settings may come later than the page. */
export type AskProvider = () => Settings['provider']

/** A wizard for work that the lab can measure before it begins. */
export abstract class Estimated<Values extends object, Measured extends Estimate> extends JobWizard<Values> {
  readonly estimate: Resource<Measured>

  protected constructor(wizard: Wizard<Values>) {
    super(wizard)
    this.estimate = new Resource(() => this.measure())
  }

  /** Whether what the work needs beside the form is there, e.g. an index. */
  get ready(): boolean {
    return this.estimate.value !== null && !this.estimate.value.exists
  }

  protected abstract measure(): Promise<Measured>
}
