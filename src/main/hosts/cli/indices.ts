import { Option } from 'commander'
import type { Client } from '../../contract/client.ts'
import { heatMapBySchema } from '../../contract/answers.ts'
import {
  defaultHnsw,
  defaultIndexTokens,
  hnswRows,
  indexSearches,
  vectorPrecisions
} from '../../contract/index-settings.ts'
import { embeddedOver, type EmbeddedOver } from '../../contract/embedded-over.ts'
import type { Index } from '../../contract/models.ts'
import { type Precision, precisions } from '../../contract/precision.ts'
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
  nearnessStrategies,
  type Representation,
  representationNames,
  type StrategyName,
  strategyNames,
  usesQueries,
  usualStrategy
} from '../../contract/strategies.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { writeText } from './files.ts'
import { quality } from './index-quality.ts'
import { addSharedIndices } from './shared-indices.ts'
import { bytes, duration, table } from './table.ts'
import { addThingVerbs } from './things.ts'
import { anyNumber, wholeNumber } from './numbers.ts'

const pairings = rerankSettingsSchema.shape.pairing.unwrap().options
const aggregates = rerankSettingsSchema.shape.aggregate.unwrap().options

/** `index`: build, list, search and remove indices; retrieve for a query set. */
export const addIndices: AddCommand = (program, run) => {
  const index = program.command('index').description('build, list, search and remove indices of upstream data')

  index
    .command('list', { isDefault: true })
    .description('all indices')
    .action(
      run(async ({ client, print }) => {
        const all = await client.indices.list()
        print(all, all.length === 0 ? 'No indices.' : listing(all))
      })
    )

  for (const verb of ['estimate', 'build'] as const) {
    index
      .command(verb)
      .description(verb === 'build' ? 'build an index, or check and repair it' : 'time, memory and disk of an index')
      .requiredOption('--data <upstream-data>', 'the upstream dataset')
      .requiredOption('--model <model>', 'the encoder: a sentence encoder, or with dense the base model')
      .addOption(
        new Option('--representation <which>', 'whose space')
          .choices([...representationNames])
          .default(representationNames[0])
      )
      .addOption(
        new Option(
          '--over <what>',
          'what its vectors are made of: inputs alone, or inputs and answers, for experiments with labelled queries'
        )
          .choices(embeddedOver)
          .default(embeddedOver[0])
      )
      .option(
        '--max-tokens <count>',
        'longer inputs are cut; at fewer where the encoder reads no more',
        wholeNumber(1),
        defaultIndexTokens
      )
      .addOption(new Option('--vector-precision <bits>').choices(vectorPrecisions).default('fp32'))
      .addOption(new Option('--model-precision <bits>').choices(precisions).default('fp32'))
      .addOption(new Option('--search <how>', 'auto: exact where that is fast').choices(indexSearches).default('auto'))
      .option('--links <count>', 'graph: links of a row and level (M)', wholeNumber(1))
      .option('--ef-construction <count>', 'graph: candidates while building', wholeNumber(1))
      .option('--ef <count>', 'graph: candidates while searching', wholeNumber(1))
      .addOption(
        new Option(
          '--hnsw-rows <precision>',
          'graph: how it keeps its rows; int8 takes a third of the memory, auto takes it where fp32 would take more than half a gigabyte'
        ).choices(hnswRows)
      )
      .option('--shards <count>', 'embed in so many processes at once, at a place in so many jobs', wholeNumber(1), 1)
      .option('--place <place>', 'where it is built, by id or name; by default on this computer')
      .action(
        run(async ({ client, print, follow }, options: BuildFlags) => {
          const request = { ...requestOf(options), provider: (await client.lab.settings()).provider }
          if (verb === 'estimate') {
            const cost = await client.indices.estimate(request)
            const how = cost.search === 'hnsw' ? 'searched through a graph' : 'searched exactly'
            const there = cost.exists === null ? '' : ` It is there already: ${cost.exists.id}.`
            return print(
              cost,
              `About ${duration(cost.seconds)}, ${bytes(cost.bytesMemory)} of memory, ${bytes(cost.bytesDisk)} on disk; ${how}.${there}`
            )
          }
          let job = await follow(await client.indices.build({ ...request, place: options.place ?? null }))
          while (job.outcome?.what === 'job') job = await follow(await client.jobs.get({ id: job.outcome.id }))
          const notes = (await client.jobs.log({ id: job.id })).map(({ text }) => text)
          const all = await client.indices.list()
          print({ job, indices: all }, [...notes, listing(all)].join('\n'))
        })
      )
  }

  index
    .command('neighbours <text...>')
    .description('the upstream examples that are nearest to a text')
    .requiredOption('--data <upstream-data>', 'the upstream dataset')
    .addOption(new Option('--strategy <which>').choices([...nearnessStrategies]).default(usualStrategy))
    .option('--index <index>', 'default: the newest that fits')
    .option('--count <count>', 'how many', wholeNumber(1), 10)
    .action(
      run(async ({ client, print, note }, words: string[], options: NeighbourFlags) => {
        const { data: datasetId, strategy, count } = options
        const question = { datasetId, strategy, count, indexId: options.index ?? null, text: words.join(' ') }
        const { neighbours, milliseconds } = await client.indices.neighbours(question)
        note(`Found in ${milliseconds.toFixed(1)} ms.`)
        const rows = neighbours.map((one) => [one.score?.toFixed(4) ?? '', one.task, one.input.slice(0, 100)])
        print(neighbours, table(['score', 'task', 'input'], rows, ['score']))
      })
    )

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

  index
    .command('quality')
    .description('how often retrieval finds the same task again: upstream examples as queries')
    .requiredOption('--data <upstream-data>', 'the upstream dataset')
    .addOption(
      new Option('--strategy <which...>', 'side by side')
        .choices(strategyNames.filter((name) => usesQueries(name)))
        .default([usualStrategy])
    )
    .option('--index <index>', 'default: the newest that fits')
    .option('--reranker <reranker>', 'the pair classifier that scores candidates anew')
    .addOption(new Option('--by <what>', 'what counts as the same').choices(heatMapBySchema.options).default('task'))
    .option('--k <count>', 'places that count', wholeNumber(1, 200), 10)
    .option('--queries <count>', 'queries of every task or group', wholeNumber(1, 200), 10)
    .option('--seed <number>', 'draws the queries', wholeNumber(0), 42)
    .action(run(quality))

  addSharedIndices(index, run)
  addThingVerbs(index, run, 'index')
}

interface BuildFlags {
  data: string
  model: string
  representation: Representation
  over: EmbeddedOver
  maxTokens: number
  vectorPrecision: 'fp32' | 'fp16'
  modelPrecision: Precision
  search: 'auto' | 'exact' | 'hnsw'
  links?: number
  efConstruction?: number
  ef?: number
  hnswRows?: 'auto' | 'fp32' | 'int8'
  shards: number
  place?: string
}

interface NeighbourFlags {
  data: string
  strategy: StrategyName
  index?: string
  count: number
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

function requestOf(flags: BuildFlags): Omit<Parameters<Client['indices']['build']>[0], 'provider'> {
  const { data: datasetId, model: modelId, links, efConstruction, ef, hnswRows, place: _place, ...rest } = flags
  const graph = [links, efConstruction, ef, hnswRows].some((one) => one !== undefined)
  const { m, efConstruction: put, ef: looked } = defaultHnsw
  return {
    ...rest,
    datasetId,
    modelId,
    hnsw: graph ? { m: links ?? m, efConstruction: efConstruction ?? put, ef: ef ?? looked, rows: hnswRows } : null
  }
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

function listing(all: readonly Index[]): string {
  const rows = all.map((one) => [
    one.id,
    one.representation,
    one.over,
    String(one.vectors),
    String(one.dimension),
    one.search,
    one.recall.toFixed(3),
    bytes(one.bytes),
    one.datasetId,
    one.modelId
  ])
  const header = ['id', 'representation', 'over', 'vectors', 'dimension', 'search', 'recall', 'size', 'data', 'model']
  return table(header, rows, ['vectors', 'dimension', 'recall', 'size'])
}
