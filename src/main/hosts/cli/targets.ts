import { metricNames, type MetricName, type QuerySet, type Target } from '../../contract/data.ts'
import { Option } from 'commander'
import type { AddCommand } from './command.ts'
import { table } from './table.ts'
import { addThingVerbs } from './things.ts'
import { wholeNumber } from './numbers.ts'

/** `targets`: target tasks, their query sets, and the check for their data among upstream data. */
export const addTargets: AddCommand = (program, run) => {
  const targets = program.command('targets').description('target tasks and their query sets')

  targets
    .command('list', { isDefault: true })
    .description('all targets')
    .action(
      run(async ({ client, print }) => {
        const all = await client.targets.list()
        print(all, all.length === 0 ? 'No targets.' : listing(all))
      })
    )

  targets
    .command('set <target>')
    .description('change name, metrics or the way of answering')
    .option('--name <name>', 'its name')
    .addOption(
      new Option('--metrics <metrics...>', 'how answers are scored; the first is shown first').choices(metricNames)
    )
    .addOption(
      new Option('--answer-by <way>', 'generation, or choices: the likeliest answer choice').choices([
        'generation',
        'choices'
      ])
    )
    .action(
      run(async ({ client, print }, id: string, options: SetOptions) => {
        const { name, metrics, answerBy } = options
        const target = await client.targets.update({
          id,
          ...(name === undefined ? {} : { name }),
          ...(metrics === undefined ? {} : { metrics }),
          ...(answerBy === undefined ? {} : { answerBy })
        })
        print(target, listing([target]))
      })
    )

  targets
    .command('queries <target>')
    .description('query sets of a target')
    .action(
      run(async ({ client, print }, id: string) => {
        const sets = await client.targets.querySets({ id })
        print(sets, sets.length === 0 ? 'No query sets.' : setList(sets))
      })
    )

  targets
    .command('sample <target>')
    .description('make query sets by drawing examples')
    .option('--size <count>', 'queries in a set', wholeNumber(1), 16)
    .option('--rounds <count>', 'how many sets', wholeNumber(1), 5)
    .option('--seed <number>', 'the same seed draws the same sets', wholeNumber(0), 42)
    .option('--from <dataset>', 'draw from this dataset instead of the test examples')
    .action(
      run(async ({ client, print, note }, id: string, options: SampleOptions) => {
        const { from: fromDatasetId = null, ...wanted } = options
        const sets = await client.targets.sampleQueries({ id, fromDatasetId, ...wanted })
        const inTest = sets.reduce((sum, set) => sum + set.inTest, 0)
        if (inTest > 0)
          note(
            `${inTest} of the queries are test examples too, which flatters every strategy. To keep them apart, let the import draw them: import … --target --sample-queries 16`
          )
        print(sets, setList(sets))
      })
    )

  targets
    .command('add-queries <target> [file]')
    .description('add a query set: questions from a text, a table or an Excel file, or typed after --text')
    .option('--text <questions...>', 'questions, a word for each in quotes', [])
    .action(
      run(async ({ client, print }, id: string, file: string | undefined, options: { text: string[] }) => {
        const sets = await client.targets.addQueries({ id, texts: options.text, file: file ?? null })
        print(sets, setList(sets))
      })
    )

  targets
    .command('leaks <target> <upstream-data>')
    .description("find a target's own data among upstream data")
    .action(
      run(async ({ client, print, follow }, id: string, datasetId: string) => {
        const { checked } = await client.targets.leaks({ id, datasetId })
        if (!checked) await follow(await client.targets.checkLeaks({ id, datasetId }))
        const { leaks } = await client.targets.leaks({ id, datasetId })
        const rows = leaks.map((l) => [l.kind, String(l.exampleId), String(l.targetExampleId), l.similarity.toFixed(2)])
        const header = ['kind', 'upstream', 'test', 'similarity']
        print(leaks, leaks.length === 0 ? 'None found.' : table(header, rows, header.slice(1)))
      })
    )

  addThingVerbs(targets, run, 'target')
}

interface SetOptions {
  name?: string
  metrics?: MetricName[]
  answerBy?: Target['answerBy']
}

interface SampleOptions {
  size: number
  rounds: number
  seed: number
  from?: string
}

function listing(targets: readonly Target[]): string {
  const rows = targets.map((target) => [
    target.id,
    String(target.testExamples),
    String(target.sourceItems),
    target.metrics.join(', '),
    target.answerBy,
    target.name
  ])
  const header = ['id', 'tests', 'source items', 'metrics', 'answers by', 'name']
  return table(header, rows, ['tests', 'source items'])
}

function setList(sets: readonly QuerySet[]): string {
  const rows = sets.map(({ id, size, round, origin, seed, inTest }) => [
    id,
    String(size),
    String(round),
    origin,
    seed === null ? '' : String(seed),
    String(inTest)
  ])
  return table(['id', 'size', 'round', 'origin', 'seed', 'in test'], rows, ['size', 'round', 'seed', 'in test'])
}
