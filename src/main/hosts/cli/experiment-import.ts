import { resolve } from 'node:path'
import type { Command } from 'commander'
import { LabError } from '../../contract/error.ts'
import type { ForeignFile } from '../../contract/foreign.ts'
import { strategyNames, type StrategyName } from '../../contract/strategies.ts'
import type { CommandContext, RunCommand } from './command.ts'
import { comparisonText } from './comparison-text.ts'
import { pick } from './experiment-spec.ts'
import { wholeNumber } from './numbers.ts'

interface ImportOptions {
  target?: string
  model: string
  name?: string
  data?: string
  retrieved?: string[]
  testExamples?: number
}

/** `experiment import-answers`: what another program answered, beside the lab's own runs. */
export function addImportAnswers(experiment: Command, run: RunCommand): void {
  experiment
    .command('import-answers <run=file...>')
    .description(
      'take in what another program answered, as runs that can be compared: zero-shot=zs.json random:1=r1.json recross:2=rr2.json'
    )
    .requiredOption('--model <words>', 'what answered, e.g. "BART0, original code"')
    .option('--target <target>', 'the target that was answered; default: the only one')
    .option('--name <name>', 'what to call the experiment')
    .option('--retrieved <run=file...>', 'the upstream rows of a run: recross:2=rows.json')
    .option('--data <upstream-data>', 'the upstream data that those rows are from; default: the only ones')
    .option('--test-examples <count>', 'only the rows that an experiment with so many tests', wholeNumber(1))
    .action(run(importAnswers))
}

async function importAnswers(
  { client, print }: CommandContext,
  runs: string[],
  { target, model, name, data, retrieved = [], testExamples }: ImportOptions
): Promise<void> {
  const targetId = pick('target', await client.targets.list(), target)
  const rows = new Map(retrieved.map(readRun).map((one) => [`${one.strategy} ${one.round}`, one.path]))
  const files = runs.map(readRun).map((one): ForeignFile => {
    const key = `${one.strategy} ${one.round}`
    const found = rows.get(key) ?? null
    rows.delete(key)
    return { ...one, retrieved: found }
  })
  for (const path of rows.values())
    throw new LabError(
      'bad-option',
      `${path} belongs to none of the runs: each --retrieved names a run that has answers.`
    )
  const upstream = (await client.data.list()).filter(({ kind }) => kind === 'upstream')
  const datasetId = retrieved.length > 0 || data !== undefined ? pick('dataset', upstream, data) : null
  const taken = await client.experiments.importForeign({
    ...{ name: name ?? model, targetId, model, datasetId, testExamples: testExamples ?? null, files }
  })
  const comparison = await client.compare.table({ experimentId: taken.id })
  print(
    { experiment: taken, comparison },
    `Took in ${taken.runs} runs as ${taken.id}.\n\n${comparisonText(comparison)}`
  )
}

/** `strategy[:round]=path`, rounds from 1. Throws `bad-option`. */
function readRun(text: string): { strategy: StrategyName; round: number; path: string } {
  const [, strategy, round = '1', path] = /^([a-z-]+)(?::(\d+))?=(.+)$/.exec(text) ?? []
  const known = strategyNames.find((one) => one === strategy)
  if (known !== undefined && Number(round) >= 1)
    return { strategy: known, round: Number(round) - 1, path: resolve(path!) }
  throw new LabError(
    'bad-option',
    `"${text}" is no run. Write strategy=file or strategy:round=file, such as random:2=answers.json. Strategies: ${strategyNames.join(', ')}.`
  )
}
