import type { Command } from 'commander'
import { Option } from 'commander'
import { presetSchema, type PresetName } from '../../contract/experiments.ts'
import type { RateTest } from '../../contract/rate-test.ts'
import { tuneSettingsSchema } from '../../contract/run-settings.ts'
import { plays } from '../../contract/strategies.ts'
import type { CommandContext, RunCommand } from './command.ts'
import { pick } from './experiment-spec.ts'
import { withSettings } from './set-values.ts'
import { wholeNumber } from './numbers.ts'
import { table } from './table.ts'

interface Flags {
  data?: string
  targets?: string[]
  preset: PresetName
  steps: number
  seed: number
  set: string[]
  keep: boolean
}

/** `models find-rate`: a learning rate range test on a base model. */
export function addFindRate(models: Command, run: RunCommand): void {
  models
    .command('find-rate [base-model]')
    .description('try growing learning rates on a base model for a few steps each, and suggest one')
    .option('--data <upstream-data>', 'the upstream data whose rows are learnt from')
    .option('--targets <target...>', 'judge by their labelled queries; default: by other rows of the data')
    .addOption(
      new Option('--preset <preset>', 'whose settings are tuned with').choices(presetSchema.options).default('paper')
    )
    .option('--steps <count>', 'steps with each rate', wholeNumber(4, 1000), 16)
    .option('--seed <number>', 'which rows are drawn', wholeNumber(0), 42)
    .option(
      '--set <setting=value>',
      'any setting of the tuning, e.g. method=lora',
      (value: string, all: string[]) => [...all, value],
      []
    )
    .option('--keep', 'presets begin with this rate from now on', false)
    .action(run(findRate))
}

async function findRate(
  { client, follow, print }: CommandContext,
  wanted: string | undefined,
  { data, targets = [], preset, steps, seed, set, keep }: Flags
): Promise<void> {
  const bases = (await client.models.list()).filter((model) => plays('base', model))
  const upstream = (await client.data.list()).filter(({ kind }) => kind === 'upstream')
  const modelId = pick('base model', bases, wanted)
  const datasetId = pick('dataset', upstream, data)
  const known = await client.targets.list()
  const targetIds = targets.map((one) => pick('target', known, one))
  const tune: Record<string, unknown> = { ...(await client.experiments.preset({ preset, modelId })).tune }
  const given = set.map((setting) => setting.replace(/^tune\./, ''))
  const { provider } = await client.lab.settings()
  const asked = {
    modelId,
    datasetId,
    targetIds,
    tune: withSettings(tuneSettingsSchema, tune, given),
    steps,
    seed,
    provider
  }
  const job = await follow(await client.models.findRate(asked))
  const found = await client.models.rateTest({ jobId: job.id })
  const { suggested, method, judgedBy, of } = found
  const labelsOf = judgedBy === 'queries' ? of : []
  const kept = keep && suggested !== null
  if (kept) await client.models.keepRate({ id: modelId, found: { rate: suggested, method, labelsOf } })
  print({ jobId: job.id, ...found, kept }, textOf(found, kept))
}

function textOf(found: RateTest, kept: boolean): string {
  const { before, points, suggested, lowest, harmless, steps, rows, heldOutRows, judgedBy, of } = found
  const shown = points.map(({ rate, loss, error }) => [
    String(rate),
    loss === null ? 'out of bounds' : loss.toFixed(4),
    error === null ? '' : `± ${error.toFixed(4)}`,
    rate === suggested ? '← take this' : rate === lowest ? 'lowest' : ''
  ])
  const judges = judgedBy === 'queries' ? 'labelled queries' : 'other rows'
  const none = 'No rate brought the loss down by more than chance does.'
  const said =
    suggested === null
      ? `${none}${harmless === null ? '' : ` Up to ${harmless} it did no harm.`}`
      : `Take ${suggested}: --set tune.learningRate=${suggested}${kept ? ' (presets begin with it from now on)' : ''}`
  return [
    `${steps} steps with each rate on ${rows} rows; judged by ${heldOutRows} ${judges} of ${of.join(', ')}. Loss before: ${before?.toFixed(4)}.`,
    table(['learning rate', 'loss', 'change by chance', ''], shown, ['learning rate', 'loss']),
    said
  ].join('\n')
}
