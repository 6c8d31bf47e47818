import type { CatalogEntry } from '../../../../main/contract/models.ts'
import type { Client } from '../../api/client.ts'
import { texts } from '../../texts/texts.ts'
import { Resource } from '../resource.svelte.ts'
import type { Wizard, WizardStep } from '../wizard.svelte.ts'
import { JobWizard } from './wizard-work.svelte.ts'

export interface Origin {
  source: string | null
  entryId: string | null
  repo: string
}

export const noOrigin = { source: null, entryId: null, repo: '' } satisfies Origin

type Words = Record<'source' | 'entry' | 'hub', { title: string; text: string }>

/** The steps that data and models have in common: where from, and then which entry of the catalog or the hub. */
export function originSteps<Values extends Origin>(
  words: Words
): Record<'source' | 'entry' | 'hub', WizardStep<Values>> {
  const { missing } = texts.wizards
  return {
    source: { id: 'source', ...words.source, missing: (values) => (values.source ? null : missing.choose) },
    entry: {
      id: 'entry',
      ...words.entry,
      applies: (values) => values.source === 'catalog',
      missing: (values) => (values.entryId ? null : missing.choose)
    },
    hub: {
      id: 'hub',
      ...words.hub,
      applies: (values) => values.source === 'hub',
      missing: (values) => (/^[\w.-]+(\/[\w.-]+)?$/.test(values.repo.trim()) ? null : missing.repo)
    }
  }
}

/** A wizard that brings something into the lab. */
export abstract class BringIn<Values extends Origin> extends JobWizard<Values> {
  readonly catalog: Resource<CatalogEntry[]>

  protected constructor(client: Client, wizard: Wizard<Values>) {
    super(wizard)
    this.catalog = new Resource(() => client.catalog.list({}))
  }

  /** Bytes of what is going to be downloaded; null where nobody knows them yet. Zero stands for a size that nobody published. */
  get downloadBytes(): number | null {
    return this.wizard.values.source === 'catalog' ? this.entry?.bytes || null : this.hubBytes
  }

  /** Bytes of what is wanted of the hub, once it was looked at. */
  protected abstract get hubBytes(): number | null

  get entry(): CatalogEntry | null {
    return this.catalog.value?.find((entry) => entry.id === this.wizard.values.entryId) ?? null
  }
}
