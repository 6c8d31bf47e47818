import type { z } from 'zod'
import { foreignRequestSchema, type ForeignFile } from '../../../main/contract/foreign.ts'
import { isTuned, strategies, strategyNames, untuned, type StrategyName } from '../../../main/contract/strategies.ts'
import type { Client } from '../api/client.ts'
import { problemOf, type Problem } from '../api/problem.ts'
import { texts } from '../texts/texts.ts'
import { sendFile } from './send-file.ts'
import { labCommand } from './shell.ts'
import { refusedPaths } from './wizards/checked.ts'

/** Answers of another program on their way into the lab: which files, and what each of them is. */
export class ImportAnswers {
  name = $state('')
  model = $state('')
  targetId = $state<string | null>(null)
  datasetId = $state<string | null>(null)
  testExamples = $state<number | null>(null)
  files = $state<ForeignFile[]>([])
  busy = $state(false)
  /** 0…1 while a file travels into the lab. */
  sending = $state<number | null>(null)
  problem = $state.raw<Problem | null>(null)
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  /** A file names its strategy and its round often enough that a guess is worth a click. */
  add(path: string): void {
    if (path.trim() === '' || this.files.some((file) => file.path === path)) return
    const strategy = guessStrategy(path)
    this.files.push({ path, strategy, round: isTuned(strategy) ? guessRound(path) : 0, retrieved: null })
  }

  /** A file that was picked or dropped. */
  async send(file: File): Promise<void> {
    this.sending = 0
    this.problem = null
    try {
      this.add(await sendFile(this.#client, file, (share) => (this.sending = share)))
    } catch (thrown) {
      this.problem = problemOf(thrown)
    } finally {
      this.sending = null
    }
  }

  remove(path: string): void {
    this.files = this.files.filter((file) => file.path !== path)
  }

  get #entered(): z.input<typeof foreignRequestSchema> {
    const [name, model] = [this.name.trim(), this.model.trim()]
    const { datasetId, testExamples } = this
    return {
      ...{ name: name === '' ? model : name, model, targetId: this.targetId!, datasetId, testExamples },
      files: $state.snapshot(this.files)
    }
  }

  /** Rows that were retrieved are looked up in the upstream data, so these must be named too. */
  get ready(): boolean {
    const rows = this.files.some(({ retrieved }) => retrieved !== null)
    return foreignRequestSchema.safeParse(this.#entered).success && (!rows || this.datasetId !== null)
  }

  /** The number that the contract does not take; null: it takes them all. */
  get refused(): string | null {
    const words = texts.experiments.foreign
    const rounds = this.files.map((_, at) => [`files.${at}.round`, words.round] as const)
    const labels = new Map([['testExamples', words.testExamples], ...rounds])
    const wrong = refusedPaths(foreignRequestSchema, this.#entered).map((path) => labels.get(path.join('.')))
    return wrong.find((label) => label !== undefined) ?? null
  }

  /** The same on the command line. */
  get command(): string {
    const words = (wanted: (file: ForeignFile) => string | null): string[] =>
      this.files.flatMap((file) => {
        const path = wanted(file)
        return path === null ? [] : [`${file.strategy}:${file.round + 1}=${path}`]
      })
    const rows = this.datasetId === null ? [] : words(({ retrieved }) => retrieved)
    return labCommand(['experiment', 'import-answers', ...words(({ path }) => path)], {
      target: this.targetId,
      model: this.model.trim(),
      name: this.name.trim(),
      'test-examples': this.testExamples,
      data: rows.length > 0 ? this.datasetId : null,
      retrieved: rows
    })
  }

  /** The id of the experiment that came of it; null where something did not fit. */
  async take(): Promise<string | null> {
    this.busy = true
    this.problem = null
    try {
      const request = foreignRequestSchema.parse(this.#entered)
      return (await this.#client.experiments.importForeign(request)).id
    } catch (thrown) {
      this.problem = problemOf(thrown)
      return null
    } finally {
      this.busy = false
    }
  }
}

/** The strategy whose name, here or in the paper, stands in the file's. */
function guessStrategy(path: string): StrategyName {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const name = plain(fileName(path))
  const named = strategyNames.find((one) => {
    const { label, known } = strategies[one]
    return [label, known].some((word) => word !== null && !word.endsWith('†') && name.includes(plain(word)))
  })
  return named ?? untuned
}

/** The original counts rounds from 0: `round#2`. */
function guessRound(path: string): number {
  return Number(/round[#_=-]?(\d{1,2})/i.exec(fileName(path))?.[1] ?? 0)
}

export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path
}
