import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import type { Model } from '../../contract/models.ts'
import { bootstrapVerdict, rerankerSettingsSchema } from '../../contract/reranking.ts'
import {
  candidateSourceSchema,
  miningSettingsSchema,
  usualCandidates,
  type CandidateSource,
  type Usefulness
} from '../../contract/minings.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { pick } from './experiment-spec.ts'
import { withSettings } from './set-values.ts'
import { miningText, modelText, verdicts } from './reranker-text.ts'
import { bytes, duration, table } from './table.ts'
import { addThingVerbs } from './things.ts'
import { wholeNumber } from './numbers.ts'

/** `reranker`: mine pairs, look at what was mined, train on it, again with the last reranker. */
export const addReranker: AddCommand = (program, run) => {
  const reranker = program
    .command('reranker')
    .description('distant supervision: mine which upstream examples help a task, and train rerankers on it')

  reranker
    .command('list', { isDefault: true })
    .description('all minings and rerankers')
    .action(
      run(async ({ client, print }) => {
        const minings = await client.reranking.minings({})
        const rerankers = (await client.models.list({})).filter(({ role }) => role === 'pair-classifier')
        const mined = minings.map(({ id, name, report }) => [
          id,
          String(report.sets),
          report.reliability?.toFixed(2) ?? '',
          report.gate.open ? 'open' : 'closed',
          name
        ])
        const trained = rerankers.map(({ id, name, reranker: card }) => [
          id,
          card === null ? '' : card.quality.auc.toFixed(3),
          card === null ? 'not trained here' : `iteration ${card.iteration}`,
          name
        ])
        const text = [
          mined.length === 0
            ? 'No minings.'
            : table(['mining', 'sets', 'reliability', 'gate', 'name'], mined, ['sets', 'reliability']),
          trained.length === 0 ? 'No rerankers.' : table(['reranker', 'AUC', 'training', 'name'], trained, ['AUC'])
        ]
        print({ minings, rerankers }, text.join('\n\n'))
      })
    )

  withMiningOptions(reranker.command('mine'))
    .description('measure which upstream examples help upstream tasks')
    .option('--estimate', 'only say what it will take', false)
    .option(
      '--tuples <file...>',
      "bring in the labels of the original's tuples (better_tuple.json and the like) instead of mining"
    )
    .option(
      '--labelled-by <words>',
      'with --tuples: what the labels come from, in words; a model of the lab by --model'
    )
    .action(
      run(async (context, options: MineFlags & { estimate: boolean }) => {
        const { client, print } = context
        const request = await miningRequest(context, options)
        if (options.estimate) {
          const cost = await client.reranking.estimateMining(request)
          return print(
            cost,
            `About ${duration(cost.seconds)} for ${cost.trials} trials, ${bytes(cost.bytesMemory)} of memory, ${bytes(cost.bytesDisk)} on disk.`
          )
        }
        const { made } = await startMining(context, request)
        const mining = await made()
        print(mining, miningText(mining))
      })
    )

  reranker
    .command('report <mining>')
    .description('what a mining found, and whether it is fit to train on')
    .action(
      run(async ({ client, print }, id: string) => {
        const mining = await client.reranking.mining({ id })
        print(mining, miningText(mining))
      })
    )

  withTrainOptions(reranker.command('train <mining-or-job...>'))
    .description('train a reranker on what was mined; judged by tasks that it does not see')
    .action(
      run(async (context, miningIds: string[], options: TrainFlags) => {
        const from = { baseId: options.base, previousId: null }
        const { made } = await startTraining(context, miningIds, options, from)
        const model = await made()
        context.print(model, modelText(model))
      })
    )

  withTrainOptions(withMiningOptions(reranker.command('bootstrap')))
    .description('mine, train, and again with the last reranker, until the order no longer changes')
    .option('--iterations <count>', 'at most', wholeNumber(1), 3)
    .action(
      run(async (context, options: MineFlags & TrainFlags & { iterations: number }) => {
        const { note, print } = context
        let last: string | null = options.reranker ?? null
        const made = []
        for (let iteration = 0; iteration < options.iterations; iteration++) {
          const request = await miningRequest(context, options)
          const name = `${options.name} ${iteration}`
          const settings = { ...request.settings, seed: request.settings.seed + iteration }
          const mining = await startMining(context, { ...request, name, rerankerId: last, settings })
          // Queued at once: where both go to one place, the training begins there also while this lab is closed.
          const from = { baseId: last ?? options.base, previousId: last }
          const training = await startTraining(context, [mining.job.id], { ...options, name }, from)
          note(miningText(await mining.made()))
          const model: Model = await training.made()
          made.push(model)
          last = model.id
          const verdict = model.reranker === null ? 'go-on' : bootstrapVerdict(model.reranker)
          note(`Iteration ${iteration}: ${verdicts[verdict]}`)
          if (verdict !== 'go-on') break
        }
        print(made, made.map(modelText).join('\n\n'))
      })
    )

  addThingVerbs(reranker, run, 'mining')
}

interface MineFlags {
  name: string
  data?: string
  model?: string
  source: CandidateSource
  index?: string
  reranker?: string
  sets?: number
  usefulness?: Usefulness
  tasks?: string[]
  seed?: number
  place?: string
  set: string[]
  tuples?: string[]
  labelledBy?: string
}

interface TrainFlags {
  name: string
  base?: string
  override: boolean
  shuffled: boolean
  validate?: string[]
  place?: string
  trainSet: string[]
}

function withMiningOptions(command: Command): Command {
  return command
    .requiredOption('--name <name>', 'what it is to be called')
    .option('--data <upstream-data>', 'the upstream data; default: the only one')
    .option('--model <base-model>', 'the base model whose loss is the measure; best one that has not seen the tasks')
    .addOption(
      new Option('--source <how>', 'how candidates are found')
        .choices(candidateSourceSchema.options)
        .default(usualCandidates)
    )
    .option('--index <index>', 'default: the newest that fits')
    .option('--reranker <reranker>', 'the last reranker chooses among the candidates')
    .option('--sets <count>', 'query sets', wholeNumber(1))
    .addOption(new Option('--usefulness <measure>', 'how it is measured').choices(['influence', 'group-loss']))
    .option('--tasks <name...>', 'only these tasks')
    .option('--seed <number>', 'of the draws', wholeNumber(0))
    .option(...placeOption)
    .option('--set <path=value>', `any setting: ${Object.keys(miningSettingsSchema.shape).join(', ')}`, collect, [])
}

function withTrainOptions(command: Command): Command {
  const named = command.options.some(({ long }) => long === '--name')
  const placed = named
    ? command
    : command.requiredOption('--name <name>', 'what the reranker is to be called').option(...placeOption)
  return placed
    .option(
      '--base <encoder-or-classifier>',
      'a sentence encoder or pair classifier to start from; default: the only one that was not trained here'
    )
    .option('--override', 'train although the gate is closed', false)
    .option('--shuffled', 'a control: with shuffled labels the AUC must come out near 0.5', false)
    .option('--validate <task...>', 'tasks that only judge; default: a quarter of them')
    .option(
      '--train-set <path=value>',
      `any setting: ${Object.keys(rerankerSettingsSchema.shape).join(', ')}`,
      collect,
      []
    )
}

const placeOption = ['--place <place>', 'where it computes, by id or name; by default on this computer'] as const

const collect = (value: string, all: string[]): string[] => [...all, value]

async function miningRequest({ client }: CommandContext, options: MineFlags) {
  const settings: Record<string, unknown> = miningSettingsSchema.parse({
    ...(options.sets === undefined ? {} : { sets: options.sets }),
    ...(options.usefulness === undefined ? {} : { usefulness: options.usefulness }),
    ...(options.tasks === undefined ? {} : { tasks: options.tasks }),
    ...(options.seed === undefined ? {} : { seed: options.seed })
  })
  const upstream = (await client.data.list({})).filter(({ kind }) => kind === 'upstream')
  const bases = (await client.models.list({})).filter(({ role }) => role === 'seq2seq')
  return {
    name: options.name,
    datasetId: pick('upstream dataset', upstream, options.data),
    modelId:
      options.tuples === undefined
        ? pick('base model', bases, options.model)
        : (options.labelledBy ?? options.model ?? ''),
    tuples: options.tuples?.map((path) => resolve(path)) ?? null,
    source: options.source,
    indexId: options.index ?? null,
    rerankerId: options.reranker ?? null,
    settings: withSettings(miningSettingsSchema, settings, options.set),
    provider: (await client.lab.settings({})).provider,
    place: options.place ?? null
  }
}

/** Queues a mining; `made` follows it to its end. */
async function startMining({ client, follow }: CommandContext, request: Awaited<ReturnType<typeof miningRequest>>) {
  const known = new Set((await client.reranking.minings({})).map(({ id }) => id))
  const first = await client.reranking.mine(request)
  const made = async () => {
    let job = await follow(first)
    while (job.outcome?.what === 'job') job = await follow(await client.jobs.get({ id: job.outcome.id }))
    const all = (await client.reranking.minings({})).filter(({ id, name }) => !known.has(id) && name === request.name)
    return all.at(-1)!
  }
  return { job: first, made }
}

/** Queues a training on minings, or on jobs of minings that are under way; `made` follows it to its end. */
async function startTraining(
  { client, follow }: CommandContext,
  miningIds: readonly string[],
  options: TrainFlags,
  { baseId, previousId }: { baseId: string | undefined; previousId: string | null }
): Promise<{ made: () => Promise<Model> }> {
  const encoders = (await client.models.list({})).filter(({ role }) => role !== 'seq2seq')
  // What was trained from mined pairs is begun from only where it is named.
  const untrained = encoders.filter((one) => one.reranker === null && one.retriever === null)
  const settings: Record<string, unknown> = rerankerSettingsSchema.parse({
    shuffledLabels: options.shuffled,
    ...(options.validate === undefined ? {} : { validationTasks: options.validate })
  })
  const wanted = withSettings(rerankerSettingsSchema, settings, options.trainSet)
  const known = new Set(encoders.map(({ id }) => id))
  const job = await client.reranking.train({
    name: options.name,
    miningIds: [...miningIds],
    baseId: pick('encoder', baseId === undefined && untrained.length > 0 ? untrained : encoders, baseId),
    previousId,
    override: options.override,
    // A reranker that is trained on knows how two texts relate, and has no vectors to learn it from.
    settings: previousId === null ? wanted : { ...wanted, nearnessPairs: 0 },
    provider: (await client.lab.settings({})).provider,
    place: options.place ?? null
  })
  const made = async () => {
    await follow(job)
    return (await client.models.list({})).findLast(({ id, name }) => !known.has(id) && name === options.name)!
  }
  return { made }
}
