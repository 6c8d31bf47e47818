import type { HubModelLook, ModelLook } from '../../../../main/contract/models.ts'
import type { Job } from '../../../../main/contract/jobs.ts'
import type { Client } from '../../api/client.ts'
import { texts } from '../../texts/texts.ts'
import type { Bringing } from '../brought.svelte.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { Resource } from '../resource.svelte.ts'
import { labCommand } from '../shell.ts'
import { Wizard, type WizardStep } from '../wizard.svelte.ts'
import { BringIn, noOrigin, originSteps, type Origin } from './bring-in.svelte.ts'

interface Values extends Origin {
  source: 'catalog' | 'folder' | 'hub' | null
  folder: string
  /** The folder or repository that a look has found to be a model that runs. */
  checked: string | null
  name: string
  prefix: string
}

const words = texts.models.wizard
const missing = texts.wizards.missing
const { source, entry, hub } = originSteps<Values>(words.steps)

/** What is looked at: a folder and a repository may have the same name. */
const lookedAt = ({ source, folder, repo }: Values): string =>
  source === 'hub' ? `hub:${repo.trim()}` : `folder:${folder.trim()}`
const isChecked = (values: Values): boolean => values.checked === lookedAt(values)

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
    id: 'check',
    ...words.steps.check,
    applies: (values) => values.source === 'folder',
    missing: (values) => (isChecked(values) ? null : missing.runnable)
  },
  {
    id: 'look',
    ...words.steps.look,
    applies: (values) => values.source === 'hub',
    missing: (values) => (isChecked(values) ? null : missing.runnable)
  },
  {
    id: 'name',
    ...words.steps.name,
    applies: (values) => values.source === 'folder',
    missing: (values) => (values.name.trim() ? null : missing.name)
  },
  { id: 'review', ...words.steps.review, missing: () => null }
]

const initial = (): Values => ({ ...noOrigin, folder: '', checked: null, name: '', prefix: '' })

/** The wizard that brings a model in: from the catalog, a folder, or the hub. */
export class GetModel extends BringIn<Values> {
  /** What the folder holds. */
  readonly look: Resource<ModelLook>
  /** What the model on the hub is, before it is downloaded. */
  readonly hub: Resource<HubModelLook>
  /** Name of a folder that was dropped in a browser, which does not tell where it lies. */
  dropped = $state<string | null>(null)
  readonly #client: Client

  constructor(client: Client, drafts: DraftStore) {
    super(client, new Wizard('get-model', steps, initial, drafts))
    this.#client = client
    this.look = new Resource(() => client.models.look({ folder: this.wizard.values.folder.trim() }))
    this.hub = new Resource(() => client.catalog.lookAtModel({ repo: this.wizard.values.repo.trim() }))
  }

  /** Looks at the folder as the installation will, or at the repository as the download will; nobody goes on with what cannot run. */
  async check(): Promise<void> {
    const { values } = this.wizard
    const subject = lookedAt(values)
    const look = values.source === 'hub' ? this.hub : this.look
    if (values.checked === subject && look.value !== null) return
    values.checked = null
    look.clear()
    await look.load()
    if (look.value !== null && look.problem === null && lookedAt(values) === subject) values.checked = subject
  }

  /** Where the network is gone or the hub does not let one in, a folder still serves; else another model. */
  get wayOut(): { label: string; go: () => void } {
    const { wizard } = this
    if (wizard.values.source !== 'hub') return { label: words.otherFolder, go: () => wizard.goTo('folder') }
    if (['offline', 'download-failed', 'server-busy'].includes(this.hub.problem?.code ?? ''))
      return {
        label: words.folderInstead,
        go: () => {
          wizard.values.source = 'folder'
          wizard.goTo('folder')
        }
      }
    return { label: words.otherModel, go: () => wizard.goTo('hub') }
  }

  protected get hubBytes(): number | null {
    return isChecked(this.wizard.values) ? (this.hub.value?.bytes ?? null) : null
  }

  setFolder(folder: string): void {
    const before = this.wizard.values.folder.split(/[\\/]/).filter(Boolean).at(-1) ?? ''
    Object.assign(this.wizard.values, { folder, checked: null })
    const last = folder.split(/[\\/]/).filter(Boolean).at(-1) ?? ''
    if (this.wizard.values.name === '' || this.wizard.values.name === before) this.wizard.values.name = last
  }

  /** A new start with a folder that was dropped on the window or opened with it. */
  bring(thing: Bringing): void {
    if ('file' in thing) return
    this.wizard.reset()
    this.wizard.values.source = 'folder'
    this.dropped = 'folder' in thing ? thing.folder : null
    if ('folder' in thing) return this.wizard.goTo('folder')
    this.setFolder(thing.path)
    this.wizard.goTo('name')
  }

  protected begin(): Promise<Job> {
    const { source, entryId, repo, name, folder, prefix } = this.wizard.values
    if (source === 'catalog') return this.#client.catalog.download({ by: 'entry', id: entryId ?? '' })
    if (source === 'hub') return this.#client.catalog.download({ by: 'hub', repo: repo.trim(), repoType: 'model' })
    return this.#client.models.install({ name: name.trim(), folder: folder.trim(), prefix })
  }

  override guilty(): string {
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
