import { LabError } from '../../contract/error.ts'
import { findNamed } from '../../naming/find-named.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { bytes as byteSize, table } from './table.ts'
import { newPath, writeText } from './files.ts'

/** `study`: studies as files that are carried between labs. */
export const addStudy: AddCommand = (program, run) => {
  const study = program.command('study').description('studies as files: their form, export and import')

  study
    .command('schema')
    .description('the form of study files as JSON Schema, for editors')
    .option('--out <new-file>', 'where to', '-')
    .option('--force', 'overwrite a file that is there already')
    .action(
      run(async ({ client, print }, options: { out: string; force?: true }) => {
        const { schema } = await client.studies.schema({})
        const path = await writeText(options.out, `${JSON.stringify(schema, null, 2)}\n`, options.force)
        if (path !== null) print({ path }, `Wrote ${path}`)
      })
    )

  study
    .command('export <things-and-new-file...>')
    .description(
      'experiments, or data, models and targets for a computer without a network, as one zip (last: the file)'
    )
    .option('--data', 'with the upstream data and the targets, so that it can be repeated there')
    .option('--models', 'with the models')
    .option('--indices', 'with the indices of these data by these models')
    .option('--weights', 'with the weights that tuning made')
    .option('--all', 'with all of these')
    .option('--force', 'overwrite a file that is there already')
    .action(
      run(async ({ client, print, follow, streams }, things: string[], options: ExportOptions) => {
        const out = things.at(-1)!
        const names = things.slice(0, -1)
        if (names.length === 0)
          throw new LabError('usage', 'Name what to export, then the file: study export <experiment> study.zip.')
        const { all, force } = options
        const toStream = out === '-'
        const chosen = await chosenOf(client, names)
        const packing = await client.studies.export({
          ...chosen,
          path: toStream ? streams.output() : newPath(out, force),
          overwrite: force === true || toStream,
          data: (all ?? options.data) === true,
          models: (all ?? options.models) === true,
          indices: (all ?? options.indices) === true,
          weights: (all ?? options.weights) === true
        })
        const job = await follow(packing)
        const written = await client.studies.packed({ jobId: job.id })
        if (toStream) return streams.send(written.path)
        const lost =
          written.missing.length === 0 ? '' : `\nNot here any more, so not in it: ${written.missing.join(', ')}.`
        print(written, `Wrote ${written.path}: ${written.files} files, ${byteSize(written.bytes)}.${lost}`)
      })
    )

  study
    .command('look <file>')
    .description('what is in such a zip, with sizes, and what of it is here already')
    .action(
      run(async ({ client, print }, file: string) => {
        const found = await client.studies.look({ path: file })
        const rows = found.items.map(({ what, name, bytes, here }) => [
          what,
          name,
          bytes === 0 ? '' : byteSize(bytes),
          here ? 'here already' : ''
        ])
        print(found, table(['what', 'name', 'size', ''], rows))
      })
    )

  study
    .command('import <file>')
    .description('take in what "study export" wrote, checked by size and SHA-256')
    .action(
      run(async ({ client, print, follow }, file: string) => {
        const job = await follow(await client.studies.import({ path: file }))
        const made = await client.studies.imported({ jobId: job.id })
        const { experiments, runs, datasets, targets, models, indices, there } = made
        const lines = [
          ...experiments.map(({ id, name }) => `Experiment ${name}: ${id}`),
          `${runs} runs, ${datasets.length} data sets, ${targets.length} targets, ${models.length} models, ${indices} indices` +
            (there === 0 ? '.' : `; ${there} things were here already.`)
        ]
        print(made, lines.join('\n'))
      })
    )
}

interface ExportOptions {
  data?: true
  models?: true
  indices?: true
  weights?: true
  all?: true
  force?: true
}

const nouns = { experimentIds: 'experiment', targetIds: 'target', datasetIds: 'data set', modelIds: 'model' } as const
/** A target brings its data set, which often has the same name. */
const order = ['experimentIds', 'targetIds', 'datasetIds', 'modelIds'] as const

/** Things by id or name, whatever they are. Throws `not-found`, and `bad-spec` where a name means several. */
async function chosenOf(client: CommandContext['client'], names: readonly string[]) {
  const kinds = {
    experimentIds: (await client.experiments.list()).map(({ id, spec }) => ({ id, name: spec.name })),
    datasetIds: await client.data.list(),
    modelIds: await client.models.list(),
    targetIds: await client.targets.list()
  }
  const chosen = {
    experimentIds: [] as string[],
    datasetIds: [] as string[],
    modelIds: [] as string[],
    targetIds: [] as string[]
  }
  for (const name of names) {
    const kind = order.find((one) => kinds[one].some((thing) => thing.id === name || thing.name === name))
    const among = kind === undefined ? order.flatMap((one) => kinds[one]) : kinds[kind]
    const { id } = findNamed(kind === undefined ? 'experiment, data set, model or target' : nouns[kind], among, name)
    if (kind !== undefined) chosen[kind].push(id)
  }
  return chosen
}
