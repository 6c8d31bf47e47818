import type { ColumnMapping, Finding, ImportPreview, Remedy } from '../../../../main/contract/import.ts'
import type { Job } from '../../../../main/contract/jobs.ts'
import type { HubLook } from '../../../../main/contract/asked/data.ts'
import type { Client } from '../../api/client.ts'
import { problemOf } from '../../api/problem.ts'
import { texts } from '../../texts/texts.ts'
import type { Bringing } from '../brought.svelte.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { Resource } from '../resource.svelte.ts'
import { sendFile } from '../send-file.ts'
import { Wizard } from '../wizard.svelte.ts'
import { BringIn } from './bring-in.svelte.ts'
import { dataCommand } from './data-command.ts'
import {
  dataSteps,
  queriesFrom,
  emptyDataValues,
  isTable,
  mappingFrom,
  unread,
  type DataValues
} from './get-data-steps.ts'

const { missing } = texts.wizards
const words = texts.data.wizard
type Values = DataValues

/** Stands for files of the hub that are too large to be looked at before they are downloaded. */
const unseen: ImportPreview = {
  format: 'parquet',
  reading: {},
  columns: [],
  layout: null,
  mapping: null,
  rows: [],
  problems: [],
  findings: [{ code: 'too-large', level: 'note', message: words.tooLarge, remedies: [] }],
  parts: [],
  bytes: 0,
  cells: [],
  estimatedExamples: null
}

/** The wizard that brings data in: from the catalog, a file, questions that are pasted, or the hub. */
export class GetData extends BringIn<Values> {
  readonly preview: Resource<ImportPreview>
  /** What a dataset on the hub holds. */
  readonly hub: Resource<HubLook>
  /** 0…1 while a dropped file travels into the lab, else null. */
  uploading = $state<number | null>(null)
  /** Name of a folder that was dropped in a browser, which does not tell where it lies. */
  dropped = $state<string | null>(null)
  readonly #client: Client

  constructor(client: Client, drafts: DraftStore) {
    super(client, new Wizard('get-data', dataSteps, emptyDataValues, drafts))
    this.#client = client
    this.preview = new Resource(async () => {
      const { source, file, format, reading, mapping, kind, repo, configs, split } = $state.snapshot(this.wizard.values)
      if (source !== 'hub') return client.data.preview({ file: file.trim(), format, reading, mapping, kind })
      const part = { config: configs[0] ?? null, split: split === '*' ? null : split }
      return (
        (await client.catalog.look({ repo: repo.trim(), ...part, format, reading, mapping, kind })).preview ?? unseen
      )
    })
    this.hub = new Resource(() => client.catalog.look({ repo: this.wizard.values.repo.trim() }))
  }

  /** Looks at the file; takes over format, columns and a name where the user has not chosen their own. */
  async look(): Promise<void> {
    const { values } = this.wizard
    values.open = missing.check
    if (values.source === 'paste' && !(await this.#keepPasted())) return
    await this.preview.load()
    if (this.preview.problem || this.preview.loading) {
      values.open = this.preview.problem ? missing.problem : missing.check
      return
    }
    const seen = this.preview.value
    if (seen === null) return
    if (values.name === '') values.name = nameOf(values.source === 'hub' ? values.repo : values.file)
    if (seen === unseen) {
      values.open = null
      return
    }
    values.format = seen.format
    values.mapping ??= seen.mapping
    this.#settle(seen)
  }

  /** Lists what the repository holds, and takes what somebody most likely wants of it. */
  async lookAtHub(): Promise<void> {
    const { values } = this.wizard
    const repo = values.repo.trim()
    if (values.seenRepo === repo && this.hub.value?.repo === repo) return
    if (this.hub.value?.repo !== repo) this.hub.clear()
    await this.hub.load()
    const seen = this.hub.value
    if (!seen || this.hub.problem || seen.repo !== values.repo.trim()) return
    if (values.seenRepo === repo) return
    const configs = [...new Set(seen.parts.map(({ config }) => config))]
    // The configurations of a collection of prompts are alike, those of other datasets are other tables.
    const all = seen.preview?.layout === 'P3'
    Object.assign(values, unread, { seenRepo: repo, configs: all ? configs : [seen.config], name: nameOf(repo) })
    this.preview.clear()
    this.setKind(values.kind)
  }

  setConfigs(configs: string[]): void {
    Object.assign(this.wizard.values, unread, { configs })
    if (!this.splits.includes(this.wizard.values.split)) this.setKind(this.wizard.values.kind)
    this.preview.clear()
  }

  setSplit(split: string): void {
    Object.assign(this.wizard.values, unread, { split })
    this.preview.clear()
  }

  /** Upstream data is what one may tune on; a target is tested on what nobody has tuned on. */
  setKind(kind: Values['kind']): void {
    const usual = kind === 'upstream' ? ['train', ''] : ['test', 'validation', 'dev', '']
    const split = usual.find((name) => this.splits.includes(name)) ?? this.splits[0] ?? '*'
    Object.assign(this.wizard.values, { kind })
    this.setSplit(split)
  }

  /** Splits of the chosen configurations. */
  get splits(): string[] {
    const { configs } = this.wizard.values
    const own = this.hub.value?.parts.filter(({ config }) => configs.includes(config)) ?? []
    return [...new Set(own.map(({ split }) => split))]
  }

  /** Bytes of what is chosen on the hub. */
  get hubBytes(): number | null {
    const { configs, split } = this.wizard.values
    if (this.hub.value === null) return null
    return this.hub.value.parts
      .filter((part) => configs.includes(part.config) && (split === '*' || part.split === split))
      .reduce((sum, part) => sum + part.bytes, 0)
  }

  /** A change of how the file is read is shown with the rows as they would be understood then. */
  async remap(change: Partial<Pick<Values, 'format' | 'reading' | 'mapping' | 'kind' | 'skipLimit'>>): Promise<void> {
    const { values } = this.wizard
    const words = (mapping: ColumnMapping | null | undefined) => JSON.stringify(mapping?.labels)
    if (change.mapping && words(change.mapping) !== words(values.mapping)) values.ownWords = true
    Object.assign(values, change)
    await this.look()
  }

  /** Does what mends a finding. */
  async mend({ label: _, ...change }: Remedy): Promise<void> {
    // Columns have other names, or are others, once the file is taken apart in another way.
    const again = change.reading || change.format ? { mapping: null } : {}
    const reading = change.reading ? { reading: { ...this.wizard.values.reading, ...change.reading } } : {}
    await this.remap({ ...again, ...(change as Partial<Values>), ...reading })
  }

  accept(code: string, yes: boolean): void {
    const { values } = this.wizard
    values.accepted = yes ? [...values.accepted, code] : values.accepted.filter((accepted) => accepted !== code)
    if (this.preview.value) this.#settle(this.preview.value)
  }

  /** What is still open of what the look has found. */
  openOf(finding: Finding): boolean {
    const { skipLimit, accepted } = this.wizard.values
    if (finding.level === 'note') return false
    if (finding.code === 'bad-lines')
      return !finding.remedies.some((remedy) => (remedy.skipLimit ?? Infinity) <= skipLimit)
    return finding.level === 'stop' || !accepted.includes(finding.code)
  }

  #settle(seen: ImportPreview): void {
    const { values } = this.wizard
    const open = seen.findings.find((finding) => this.openOf(finding))
    const unmapped = isTable(values.format) && !values.mapping?.input && !values.mapping?.templates
    values.open = open ? (open.level === 'ask' ? missing.accept : missing.mend) : unmapped ? missing.mapping : null
  }

  setFile(path: string): void {
    Object.assign(this.wizard.values, unread, { file: path, name: nameOf(path) })
    this.preview.clear()
  }

  setPasted(text: string): void {
    const { values } = this.wizard
    Object.assign(values, unread, { pasted: text, file: '', kind: 'target', name: values.name || words.pastedName })
    this.preview.clear()
  }

  /** A new start with what was dropped on the window or opened with it. */
  async bring(thing: Bringing): Promise<void> {
    this.wizard.reset()
    this.wizard.values.source = 'file'
    this.wizard.goTo('file')
    this.dropped = 'folder' in thing ? thing.folder : null
    if ('folder' in thing) return
    if ('path' in thing) this.setFile(thing.path)
    else await this.take(thing.file)
    this.wizard.goTo('check')
  }

  /** Under Electron a dropped file has a path; in a browser it travels to the backend in pieces. */
  async take(file: File): Promise<void> {
    this.problem = null
    this.uploading = 0
    try {
      this.setFile(await sendFile(this.#client, file, (share) => (this.uploading = share)))
      this.wizard.values.name = nameOf(file.name)
    } catch (thrown) {
      this.problem = problemOf(thrown)
    } finally {
      this.uploading = null
    }
  }

  /** Pasted questions become a file of the lab's, a question a line. */
  async #keepPasted(): Promise<boolean> {
    const { values } = this.wizard
    if (values.file !== '') return true
    this.problem = null
    try {
      const name = `${values.name.replace(/[^\w -]+/g, '').trim() || 'questions'}.txt`
      values.file = await sendFile(this.#client, new File([values.pasted], name))
      Object.assign(values, { format: 'text', mapping: { input: 'text', output: null } })
      return true
    } catch (thrown) {
      this.problem = problemOf(thrown)
      return false
    }
  }

  protected begin(): Promise<Job> {
    const values: Values = $state.snapshot(this.wizard.values)
    if (values.source === 'catalog') return this.#client.catalog.download({ by: 'entry', id: values.entryId ?? '' })
    const mapping = mappingFrom(values)
    const { format, reading, skipLimit, kind } = values
    const name = values.name.trim()
    const sampleQueries = queriesFrom(values)
    if (values.source === 'hub')
      return this.#client.catalog.download({
        by: 'hub',
        repo: values.repo.trim(),
        repoType: 'dataset',
        configs: values.configs,
        split: values.split,
        importAs: { kind, name, format, reading, mapping, sampleQueries, skipLimit }
      })
    return this.#client.data.import({
      name,
      kind,
      files: [values.file.trim()],
      format,
      reading,
      mapping,
      groupsFile: values.groupsFile.trim() || null,
      querySetsFile: values.querySetsFile.trim() || null,
      sampleQueries,
      skipLimit
    })
  }

  override guilty({ kind, error }: Job): string {
    const { source } = this.wizard.values
    const code = error?.code ?? ''
    if (source === 'catalog') return 'entry'
    if (source === 'hub' && kind === 'download') return code.startsWith('hub-no') ? 'parts' : 'hub'
    if (code === 'groups-file' || code === 'query-sets-file') return 'purpose'
    return code.startsWith('file-') && source === 'file' ? 'file' : 'check'
  }

  get command(): string {
    return dataCommand(this.wizard.values)
  }
}

/** "/data/my questions.jsonl.gz" → "my questions". */
function nameOf(path: string): string {
  const last = path.split(/[\\/]/).at(-1) ?? path
  return last.replace(/\.gz$/, '').replace(/\.[a-z]+$/i, '')
}
