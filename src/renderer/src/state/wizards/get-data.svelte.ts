import type { ColumnMapping, DatasetKind, ImportFormat, ImportPreview } from '../../../../main/contract/data.ts'
import type { Job } from '../../../../main/contract/jobs.ts'
import type { Client } from '../../api/client.ts'
import { problemOf } from '../../api/problem.ts'
import { texts } from '../../texts/texts.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { Resource } from '../resource.svelte.ts'
import { labCommand } from '../shell.ts'
import { Wizard, type WizardStep } from '../wizard.svelte.ts'
import { BringIn, noOrigin, originSteps, type Origin } from './bring-in.svelte.ts'

const chunkBytes = 512 * 1024

interface Values extends Origin {
  source: 'catalog' | 'file' | 'hub' | null
  file: string
  format: ImportFormat | null
  mapping: ColumnMapping | null
  name: string
  kind: DatasetKind
  groupsFile: string
  querySetsFile: string
  skipLimit: number
}

const words = texts.data.wizard
const missing = texts.wizards.missing
const { source, entry, hub } = originSteps<Values>(words.steps)

const steps: WizardStep<Values>[] = [
  source,
  entry,
  {
    id: 'file',
    ...words.steps.file,
    applies: (values) => values.source === 'file',
    missing: (values) => (values.file.trim() ? null : missing.file)
  },
  hub,
  {
    id: 'check',
    ...words.steps.check,
    applies: (values) => values.source === 'file',
    missing: (values) =>
      isTable(values.format) && (!values.mapping?.input || !values.mapping.output) ? missing.mapping : null
  },
  {
    id: 'purpose',
    ...words.steps.purpose,
    applies: (values) => values.source === 'file',
    missing: (values) => (values.name.trim() ? null : missing.name)
  },
  { id: 'review', ...words.steps.review, missing: () => null }
]

const initial = (): Values => ({
  ...noOrigin,
  file: '',
  format: null,
  mapping: null,
  name: '',
  kind: 'upstream',
  groupsFile: '',
  querySetsFile: '',
  skipLimit: 0
})

const tables: readonly ImportFormat[] = ['csv', 'tsv', 'xlsx', 'text', 'parquet', 'json', 'jsonl']

/** Formats whose columns must be named. */
export function isTable(format: ImportFormat | null): boolean {
  return format !== null && tables.includes(format)
}

/** The wizard that brings data in: from the catalog, a file, or the hub. */
export class GetData extends BringIn<Values> {
  readonly preview: Resource<ImportPreview>
  /** 0…1 while a dropped file travels into the lab, else null. */
  uploading = $state<number | null>(null)
  readonly #client: Client

  constructor(client: Client, drafts: DraftStore) {
    super(client, new Wizard('get-data', steps, initial, drafts))
    this.#client = client
    this.preview = new Resource(() => {
      const { file, format, mapping } = this.wizard.values
      return client.data.preview({ file: file.trim(), format, mapping: $state.snapshot(mapping) })
    })
  }

  /** Looks at the file; takes over format, columns and a name where the user has not chosen their own. */
  async look(): Promise<void> {
    await this.preview.load()
    const seen = this.preview.value
    if (!seen || this.preview.problem) return
    const { values } = this.wizard
    values.format = seen.format
    values.mapping ??= seen.mapping
    if (values.name === '') values.name = nameOf(values.file)
  }

  /** A change of format or columns is shown with the rows as they would be understood then. */
  async remap(change: Partial<Pick<Values, 'format' | 'mapping'>>): Promise<void> {
    Object.assign(this.wizard.values, change)
    await this.preview.load()
  }

  setFile(path: string): void {
    Object.assign(this.wizard.values, { file: path, format: null, mapping: null, name: nameOf(path) })
    this.preview.clear()
  }

  /** Under Electron a dropped file has a path; in a browser it travels to the backend in pieces. */
  async take(file: File): Promise<void> {
    this.problem = null
    const path = window.recross?.pathOf(file)
    if (path) {
      this.setFile(path)
      return
    }
    this.uploading = 0
    try {
      let offset = 0
      let kept = ''
      let upload: string | null = null
      do {
        const chunk = file.slice(offset, offset + chunkBytes)
        const last = offset + chunk.size >= file.size
        const taken: { upload: string; path: string } = await this.#client.data.upload({
          upload,
          name: file.name,
          offset,
          chunk,
          last
        })
        ;({ upload, path: kept } = taken)
        offset += chunk.size
        this.uploading = file.size ? offset / file.size : 1
      } while (offset < file.size)
      this.setFile(kept)
      this.wizard.values.name = nameOf(file.name)
    } catch (thrown) {
      this.problem = problemOf(thrown)
    } finally {
      this.uploading = null
    }
  }

  protected begin(): Promise<Job> {
    const values: Values = $state.snapshot(this.wizard.values)
    if (values.source === 'catalog') return this.#client.catalog.download({ by: 'entry', id: values.entryId ?? '' })
    if (values.source === 'hub')
      return this.#client.catalog.download({ by: 'hub', repo: values.repo.trim(), repoType: 'dataset' })
    return this.#client.data.import({
      name: values.name.trim(),
      kind: values.kind,
      files: [values.file.trim()],
      format: values.format,
      mapping: isTable(values.format) ? values.mapping : null,
      groupsFile: values.groupsFile.trim() || null,
      querySetsFile: values.querySetsFile.trim() || null,
      skipLimit: values.skipLimit
    })
  }

  guilty({ error }: Job): string {
    const { source } = this.wizard.values
    if (source !== 'file') return source === 'hub' ? 'hub' : 'entry'
    return error?.code.startsWith('file-') ? 'file' : 'check'
  }

  get command(): string {
    const values = this.wizard.values
    if (values.source === 'catalog') return labCommand(['download', values.entryId ?? ''])
    if (values.source === 'hub') return labCommand(['download', values.repo.trim()], { dataset: true })
    const mapping = isTable(values.format) ? values.mapping : null
    return labCommand(['import', values.file.trim()], {
      name: values.name.trim(),
      target: values.kind === 'target',
      format: values.format,
      input: mapping?.input,
      output: mapping?.output,
      task: mapping?.task,
      'task-name': mapping?.task ? null : mapping?.taskName,
      group: mapping?.group,
      choices: mapping?.choices,
      groups: values.groupsFile.trim(),
      queries: values.querySetsFile.trim(),
      'skip-bad-lines': values.skipLimit || null
    })
  }
}

/** "/data/my questions.jsonl.gz" → "my questions". */
function nameOf(path: string): string {
  const last = path.split(/[\\/]/).at(-1) ?? path
  return last.replace(/\.gz$/, '').replace(/\.[a-z]+$/i, '')
}
