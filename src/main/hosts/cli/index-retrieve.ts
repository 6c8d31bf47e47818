import { Option } from 'commander'
import type { Client } from '../../contract/client.ts'
import { embeddedOver, type EmbeddedOver } from '../../contract/embedded-over.ts'
import {
  type RerankSettings,
  rerankSettingsSchema,
  retrievalSettingsSchema,
  selectorSchema
} from '../../contract/run-settings.ts'
import {
  type CandidatesName,
  candidatesNames,
  isReranked,
  type StrategyName,
  strategyNames,
  usualStrategy
} from '../../contract/strategies.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { writeText } from './files.ts'
import { anyNumber, wholeNumber } from './numbers.ts'
import { duration, table } from './table.ts'

const pairings = rerankSettingsSchema.shape.pairing.unwrap().options
const aggregates = rerankSettingsSchema.shape.aggregate.unwrap().options

/** `index retrieve`: what a strategy retrieves for a query set. */
export const addRetrieve: AddCommand = (index, run) => {
  index
    .command('retrieve')
    .description('what a strategy retrieves for a query set')
    .requiredOption('--data <upstream-data>', 'the upstream dataset')
    .requiredOption('--queries <query-set>', 'the query set (see: targets queries)')
    .addOption(new Option('--strategy <which>').choices([...strategyNames]).default(usualStrategy))
    .addOption(new Option('--selector <which>').choices(selectorSchema.options).default('aggregate-choices'))
    .option('--index <index>', 'default: the newest that fits')
    .option('--budget <count>', 'how many examples', wholeNumber(1), 512)
    .option('--oversampling <factor>', 'candidates for each example (1; with a reranker 4)', anyNumber(1, 100))
    .option('--reranker <reranker>', 'the pair classifier that scores candidates anew')
    .addOption(new Option('--candidates <which>', 'what it scores anew').choices([...candidatesNames]))
    .addOption(new Option('--pairing <queries>', 'for which queries it scores').choices(pairings))
    .addOption(new Option('--aggregate <how>', 'scores for several queries').choices(aggregates))
    .addOption(
      new Option('--over <what>', 'of what the index that is searched is made; both takes queries with answers')
        .choices(embeddedOver)
        .default(embeddedOver[0])
    )
    .option('--keep-repetitions', 'an example may come for several queries', false)
    .option('--balanced', 'without queries (random): the same share for every task', false)
    .option('--without-group <name...>', 'leave out these groups', [])
    .option('--without-task <name...>', 'leave out these tasks', [])
    .option('--only-group <name...>', 'only these groups', [])
    .option('--with-leaks', "also the target's own data", false)
    .option('--seed <number>', 'of random retrieval', wholeNumber(0), 42)
    .option(
      '--out <new-file>',
      'write the retrieved set there, as JSON; "-" for standard output, and nothing else there'
    )
    .option('--force', 'overwrite a file that is there already')
    .action(
      run(async ({ client, print, follow }, options: RetrieveFlags) => {
        if (!options.withLeaks) await lookForLeaks(client, follow, options)
        const { retrieved, seconds } = await client.indices.retrieve({
          datasetId: options.data,
          indexId: options.index ?? null,
          rerankerId: options.reranker ?? null,
          strategy: options.strategy,
          querySetId: options.queries,
          settings: settingsOf(options),
          seed: options.seed
        })
        if (options.out !== undefined) {
          const path = await writeText(options.out, `${JSON.stringify(retrieved, null, 2)}\n`, options.force)
          if (path === null) return
        }
        const tasks = new Map<string, number>()
        for (const { task } of retrieved) tasks.set(task, (tasks.get(task) ?? 0) + 1)
        const rows = [...tasks].sort((a, b) => b[1] - a[1]).map(([task, count]) => [String(count), task])
        const head = `Retrieved ${retrieved.length} examples in ${duration(seconds)}.`
        print({ retrieved, seconds }, [head, table(['examples', 'task'], rows, ['examples'])].join('\n'))
      })
    )
}

interface RetrieveFlags {
  data: string
  queries: string
  strategy: StrategyName
  selector: (typeof selectorSchema.options)[number]
  index?: string
  budget: number
  oversampling?: number
  reranker?: string
  candidates?: CandidatesName
  pairing?: RerankSettings['pairing']
  aggregate?: RerankSettings['aggregate']
  over: EmbeddedOver
  keepRepetitions: boolean
  balanced: boolean
  withoutGroup: string[]
  withoutTask: string[]
  onlyGroup: string[]
  withLeaks: boolean
  seed: number
  out?: string
  force?: true
}

function settingsOf(flags: RetrieveFlags) {
  const { oversampling, candidates, pairing, aggregate } = flags
  return retrievalSettingsSchema.parse({
    selector: flags.selector,
    over: flags.over,
    budget: flags.budget,
    oversampling: isReranked(flags.strategy) ? undefined : flags.oversampling,
    rerank: { oversampling, candidates, pairing, aggregate },
    deduplicate: !flags.keepRepetitions,
    balanced: flags.balanced,
    withoutGroups: flags.withoutGroup,
    withoutTasks: flags.withoutTask,
    onlyGroups: flags.onlyGroup,
    withoutLeaks: !flags.withLeaks
  })
}

/** Rows can only be left out as the target's own data when somebody has looked for them. */
async function lookForLeaks(
  client: Client,
  follow: CommandContext['follow'],
  { data: datasetId, queries }: RetrieveFlags
): Promise<void> {
  for (const { id } of await client.targets.list()) {
    if (!(await client.targets.querySets({ id })).some((set) => set.id === queries)) continue
    const { checked } = await client.targets.leaks({ id, datasetId })
    if (!checked) await follow(await client.targets.checkLeaks({ id, datasetId }))
  }
}
