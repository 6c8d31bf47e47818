import type { Job } from '../../../../main/contract/jobs.ts'
import { problemOf, type Problem } from '../../api/problem.ts'
import type { Wizard } from '../wizard.svelte.ts'

/** What every wizard is: steps, what is begun at their end, the command that does the same, and what stands in its way. */
export abstract class WizardWork<Values extends object, Begun = Job> {
  readonly wizard: Wizard<Values>
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)

  protected constructor(wizard: Wizard<Values>) {
    this.wizard = wizard
  }

  /** Begins what the steps were for; null where that did not work, and `problem` says why. */
  async start(): Promise<Begun | null> {
    this.busy = true
    const begun = await this.attempt(() => this.begin())
    if (begun !== null) this.begun(begun)
    this.busy = false
    return begun
  }

  /** The step to return to after a failure: the one whose answer was wrong. */
  guilty(_job: Job): string {
    return 'options'
  }

  /** The command that does the same. */
  abstract get command(): string

  protected abstract begin(): Promise<Begun>

  /** What the wizard does once it has begun. */
  protected abstract begun(begun: Begun): void

  /** What the lab answers; null where it does not, and `problem` says why. */
  protected async attempt<T>(ask: () => Promise<T>): Promise<T | null> {
    this.problem = null
    try {
      return await ask()
    } catch (thrown) {
      this.problem = problemOf(thrown)
      return null
    }
  }
}

/** A wizard that ends with a job, and shows it to its end. */
export abstract class JobWizard<Values extends object> extends WizardWork<Values> {
  protected begun({ id }: Job): void {
    this.wizard.begin(id)
  }
}
