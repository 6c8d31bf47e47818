import type {
  ColumnMapping,
  DatasetKind,
  Finding,
  ImportFormat,
  ImportPreview,
  Reading,
  Remedy
} from '../../../../main/contract/data.ts'
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
  /** What the user says about how the file is read; the rest is told from the file. */
  reading: Reading
  mapping: ColumnMapping | null
  /** Codes of findings that the user has agreed to. */
  accepted: string[]
  /** Why one cannot go on from the check; null once a look has found nothing that is open. */
  open: string | null
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
    missing: (values) => values.open
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
  reading: {},
  mapping: null,
  accepted: [],
  open: missing.check,
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
      const { file, format, reading, mapping, kind } = $state.snapshot(this.wizard.values)
      return client.data.preview({ file: file.trim(), format, reading, mapping, kind })
    })
  }

  /** Looks at the file; takes over format, columns and a name where the user has not chosen their own. */
  async look(): Promise<void> {
    const { values } = this.wizard
    values.open = missing.check
    await this.preview.load()
    const seen = this.preview.value
    if (!seen || this.preview.problem) {
      values.open = this.preview.problem ? missing.problem : missing.check
      return
    }
    values.format = seen.format
    values.mapping ??= seen.mapping
    if (values.name === '') values.name = nameOf(values.file)
    this.#settle(seen)
  }

  /** A change of how the file is read is shown with the rows as they would be understood then. */
  async remap(change: Partial<Pick<Values, 'format' | 'reading' | 'mapping' | 'kind' | 'skipLimit'>>): Promise<void> {
    Object.assign(this.wizard.values, change)
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
    const unmapped = isTable(values.format) && !values.mapping?.input
    values.open = open ? (open.level === 'ask' ? missing.accept : missing.mend) : unmapped ? missing.mapping : null
  }

  setFile(path: string): void {
    const fresh = { format: null, reading: {}, mapping: null, accepted: [], open: missing.check, skipLimit: 0 }
    Object.assign(this.wizard.values, { ...fresh, file: path, name: nameOf(path) })
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
      reading: values.reading,
      mapping: isTable(values.format) ? values.mapping : null,
      groupsFile: values.groupsFile.trim() || null,
      querySetsFile: values.querySetsFile.trim() || null,
      skipLimit: values.skipLimit
    })
  }

  guilty({ error }: Job): string {
    const { source } = this.wizard.values
    if (source !== 'file') return source === 'hub' ? 'hub' : 'entry'
    const code = error?.code ?? ''
    if (code === 'groups-file' || code === 'query-sets-file') return 'purpose'
    return code.startsWith('file-') ? 'file' : 'check'
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
      input: mapping?.input.replaceAll('\n', '\\n'),
      output: mapping?.output,
      task: mapping?.task,
      'task-name': mapping?.task ? null : mapping?.taskName,
      group: mapping?.group,
      template: mapping?.template,
      id: mapping?.id,
      choices: mapping?.choices,
      'choice-names': mapping?.choiceNames,
      answer: mapping?.answer,
      labels: mapping?.labels ? wordsText(mapping.labels) : null,
      ...readingOptions(values.reading),
      accept: values.accepted,
      groups: values.groupsFile.trim(),
      queries: values.querySetsFile.trim(),
      'skip-bad-lines': values.skipLimit || null
    })
  }
}

/** `0=no, 1=yes`, as it is typed and as the command line takes it. */
export function wordsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([number, word]) => `${number}=${word}`)
    .join(', ')
}

/** The words of `0=no, 1=yes`; null where nothing is named. */
export function wordsFrom(text: string): Record<string, string> | null {
  const pairs = text.split(',').flatMap((pair) => {
    const [, number, word] = /^\s*([^=]+?)\s*=\s*(.+?)\s*$/.exec(pair) ?? []
    return number !== undefined && word !== undefined ? [[number, word] as const] : []
  })
  return pairs.length > 0 ? Object.fromEntries(pairs) : null
}

function readingOptions({ encoding, delimiter, quote, escape, header, sheet, part }: Reading) {
  return {
    encoding,
    delimiter: delimiter === '\t' ? 'tab' : delimiter,
    quote: quote === undefined ? null : { '"': 'double', "'": 'single', '': 'none' }[quote],
    escape: escape === undefined ? null : escape === '' ? 'none' : 'backslash',
    header: header === true,
    'no-header': header === false,
    sheet,
    part
  }
}

/** "/data/my questions.jsonl.gz" → "my questions". */
function nameOf(path: string): string {
  const last = path.split(/[\\/]/).at(-1) ?? path
  return last.replace(/\.gz$/, '').replace(/\.[a-z]+$/i, '')
}
