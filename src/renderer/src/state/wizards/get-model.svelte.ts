import type { Job } from '../../../../main/contract/jobs.ts'
import type { Client } from '../../api/client.ts'
import { texts } from '../../texts/texts.ts'
import type { Bringing } from '../brought.svelte.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { labCommand } from '../shell.ts'
import { Wizard, type WizardStep } from '../wizard.svelte.ts'
import { BringIn, noOrigin, originSteps, type Origin } from './bring-in.svelte.ts'

interface Values extends Origin {
  source: 'catalog' | 'folder' | 'hub' | null
  folder: string
  name: string
  prefix: string
}

const words = texts.models.wizard
const missing = texts.wizards.missing
const { source, entry, hub } = originSteps<Values>(words.steps)

const steps: WizardStep<Values>[] = [
  source,
  entry,
  {
    id: 'folder',
    ...words.steps.folder,
    applies: (values) => values.source === 'folder',
    missing: (values) => (values.folder.trim() ? null : missing.folder)
  },
  hub,
  {
    id: 'name',
    ...words.steps.name,
    applies: (values) => values.source === 'folder',
    missing: (values) => (values.name.trim() ? null : missing.name)
  },
  { id: 'review', ...words.steps.review, missing: () => null }
]

const initial = (): Values => ({ ...noOrigin, folder: '', name: '', prefix: '' })

/** The wizard that brings a model in: from the catalog, a folder, or the hub. */
export class GetModel extends BringIn<Values> {
  readonly #client: Client

  constructor(client: Client, drafts: DraftStore) {
    super(client, new Wizard('get-model', steps, initial, drafts))
    this.#client = client
  }

  setFolder(folder: string): void {
    const before = this.wizard.values.folder.split(/[\\/]/).filter(Boolean).at(-1) ?? ''
    this.wizard.values.folder = folder
    const last = folder.split(/[\\/]/).filter(Boolean).at(-1) ?? ''
    if (this.wizard.values.name === '' || this.wizard.values.name === before) this.wizard.values.name = last
  }

  /** A new start with a folder that was dropped on the window or opened with it. */
  bring(thing: Bringing): void {
    if (!('path' in thing)) return
    this.wizard.reset()
    this.wizard.values.source = 'folder'
    this.setFolder(thing.path)
    this.wizard.goTo('name')
  }

  protected begin(): Promise<Job> {
    const { source, entryId, repo, name, folder, prefix } = this.wizard.values
    if (source === 'catalog') return this.#client.catalog.download({ by: 'entry', id: entryId ?? '' })
    if (source === 'hub') return this.#client.catalog.download({ by: 'hub', repo: repo.trim(), repoType: 'model' })
    return this.#client.models.install({ name: name.trim(), folder: folder.trim(), prefix })
  }

  guilty(): string {
    const { source } = this.wizard.values
    return source === 'folder' ? 'folder' : source === 'hub' ? 'hub' : 'entry'
  }

  get command(): string {
    const { source, entryId, repo, name, folder, prefix } = this.wizard.values
    if (source === 'catalog') return labCommand(['download', entryId ?? ''])
    if (source === 'hub') return labCommand(['download', repo.trim()])
    return labCommand(['models', 'install', folder.trim()], { name: name.trim(), prefix })
  }
}
