import type { Command } from 'commander'
import type { Model } from '../../contract/models.ts'
import { retrieverSettingsSchema, type RetrieverCard } from '../../contract/retrievers.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { pick } from './experiment-spec.ts'
import { withSettings } from './set-values.ts'
import { retrieverText } from './reranker-text.ts'
import { table } from './table.ts'

/** `retriever`: heads on the vectors of an index, trained on mined pairs or on a reranker's scores. */
export const addRetriever: AddCommand = (program, run) => {
  const retriever = program
    .command('retriever')
    .description('trained dense retrieval: heads on the vectors of an index, from the pairs that rerankers learn from')

  retriever
    .command('list', { isDefault: true })
    .description('all trained retrievers, and how good they are')
    .action(
      run(async ({ client, print }) => {
        const models = (await client.models.list({})).filter((model) => model.retriever !== null)
        const rows = models.flatMap(({ id, name, retriever: card }) => (card === null ? [] : [rowOf(id, name, card)]))
        const header = ['retriever', 'AUC without', 'AUC', 'learnt from', 'name']
        print(models, rows.length === 0 ? 'No trained retrievers.' : table(header, rows, ['AUC without', 'AUC']))
      })
    )

  withOptions(retriever.command('train <mining...>'))
    .description('train a head on the stored vectors of an index; judged by tasks that it does not see')
    .action(
      run(async (context, miningIds: string[], options: Flags) => {
        const model = await trained(context, miningIds, options)
        const about = model.retriever === null ? '' : `\n${retrieverText(model.retriever)}`
        context.print(model, `${model.name} (${model.id})${about}`)
      })
    )
}

function rowOf(id: string, name: string, { before, quality, distilled }: RetrieverCard): string[] {
  return [id, before.auc.toFixed(3), quality.auc.toFixed(3), distilled ?? 'labels', name]
}

interface Flags {
  name: string
  index?: string
  distil?: string
  override: boolean
  shuffled: boolean
  validate?: string[]
  place?: string
  set: string[]
}

function withOptions(command: Command): Command {
  return command
    .requiredOption('--name <name>', 'what it is to be called')
    .option('--index <index>', 'whose vectors are trained on; default: the only index of the data')
    .option('--distil <reranker>', 'learn from the scores of a reranker instead of the labels')
    .option('--place <place>', 'where it is trained, by id or name; by default on this computer')
    .option('--override', 'train although the gate is closed', false)
    .option('--shuffled', 'a control: labels at random', false)
    .option('--validate <task...>', 'tasks that only judge; default: a quarter of them')
    .option(
      '--set <path=value>',
      `any setting: ${Object.keys(retrieverSettingsSchema.shape).join(', ')}`,
      (value: string, all: string[]) => [...all, value],
      []
    )
}

async function trained(
  { client, follow }: CommandContext,
  miningIds: readonly string[],
  options: Flags
): Promise<Model> {
  const mining = await client.reranking.mining({ id: miningIds[0]! })
  const models = await client.models.list({})
  const indices = (await client.indices.list({}))
    .filter(({ datasetId }) => datasetId === mining.datasetId)
    .map(({ id, representation }) => ({ id, name: `${representation} index ${id}` }))
  const rerankers = models.filter(({ role }) => role === 'pair-classifier')
  const settings: Record<string, unknown> = retrieverSettingsSchema.parse({
    shuffledLabels: options.shuffled,
    ...(options.validate === undefined ? {} : { validationTasks: options.validate })
  })
  const job = await follow(
    await client.reranking.trainRetriever({
      name: options.name,
      miningIds: [...miningIds],
      indexId: pick('index', indices, options.index),
      rerankerId: options.distil === undefined ? null : pick('reranker', rerankers, options.distil),
      override: options.override,
      settings: withSettings(retrieverSettingsSchema, settings, options.set),
      provider: (await client.lab.settings({})).provider,
      place: options.place ?? null
    })
  )
  return client.models.get({ id: job.outcome!.id })
}
