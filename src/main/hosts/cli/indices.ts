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
  nearnessStrategies,
  type Representation,
  representationNames,
  type StrategyName,
  strategyNames,
  usesQueries,
  usualStrategy
} from '../../contract/strategies.ts'
import type { AddCommand } from './command.ts'
import { quality } from './index-quality.ts'
import { addRetrieve } from './index-retrieve.ts'
import { addSharedIndices } from './shared-indices.ts'
import { bytes, duration, table } from './table.ts'
import { addThingVerbs } from './things.ts'
import { wholeNumber } from './numbers.ts'

/** `index`: build, list, search and remove indices. */
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

  addRetrieve(index, run)

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
