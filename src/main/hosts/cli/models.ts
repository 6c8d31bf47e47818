import { Option } from 'commander'
import { resolve } from 'node:path'
import { exportFormatSchema, type ExportFormat } from '../../contract/tuned-models.ts'
import type { AddCommand, CommandContext } from './command.ts'
import { addFindRate } from './find-rate.ts'
import { lookAt } from './look-at-model.ts'
import { modelText } from './reranker-text.ts'
import { bytes, table } from './table.ts'
import { addThingVerbs } from './things.ts'

/** `models`: list, install from a folder, export what was tuned, remove. */
export const addModels: AddCommand = (program, run) => {
  const models = program.command('models').description('list, install and remove models')

  models
    .command('list', { isDefault: true })
    .description('all models')
    .action(
      run(async ({ client, print }) => {
        const all = await client.models.list()
        const rows = all.map((m) => [m.id, m.role, m.architecture, String(m.parameters), bytes(m.bytes), m.name])
        const header = ['id', 'role', 'architecture', 'parameters', 'size', 'name']
        print(all, all.length === 0 ? 'No models.' : table(header, rows, ['parameters', 'size']))
      })
    )

  models
    .command('show <model>')
    .description('everything about a model; of a reranker also what it was trained on and how good it is')
    .action(
      run(async ({ client, print }, id: string) => {
        const model = await client.models.get({ id })
        print(model, modelText(model))
      })
    )

  models
    .command('look <folder-or-repository>')
    .description(
      'what a folder in Hugging Face layout holds, or a model on the hub such as google/flan-t5-small, and whether the lab runs it, before it is installed or downloaded'
    )
    .option('--revision <revision>', 'of a model on the hub: branch, tag or commit', 'main')
    .action(run(lookAt))

  models
    .command('install <folder>')
    .description('install a model from a folder in Hugging Face layout')
    .option('--name <name>', 'its name; default: that of the folder')
    .option('--prefix <text>', 'put before every input and output, e.g. "<s> " for BART0', '')
    .option('--as-encoder', "a base model's encoder alone, as a sentence encoder (the original's vBART)", false)
    .action(
      run(async ({ client, print, follow }, folder: string, { name, prefix, asEncoder }: InstallOptions) => {
        const path = resolve(folder)
        const job = await follow(
          await client.models.install({ name: name ?? path.split(/[/\\]/).at(-1)!, folder: path, prefix, asEncoder })
        )
        const model = job.outcome === null ? null : await client.models.get({ id: job.outcome.id })
        print({ job, model }, `Installed ${model?.name} as ${model?.id}.`)
      })
    )

  models
    .command('export <run>')
    .description('take what a run has tuned out of the lab, or make it a model of the lab')
    .addOption(
      new Option(
        '--format <format>',
        'hf: the whole model; peft: the LoRA adapter alone; onnx: the whole model with graphs for ONNX Runtime'
      )
        .choices(exportFormatSchema.options)
        .default('hf')
    )
    .option('--out <new-folder>', 'a new or empty folder')
    .option('--install [name]', 'make it a model of the lab, e.g. as base model of the next experiment')
    .action(run(exportTuned))

  addFindRate(models, run)
  addThingVerbs(models, run, 'model')
}

interface InstallOptions {
  name?: string
  prefix: string
  asEncoder: boolean
}

interface ExportOptions {
  format: ExportFormat
  out?: string
  install?: string | true
}

async function exportTuned(
  { client, print, follow }: CommandContext,
  runId: string,
  { format, out, install }: ExportOptions
): Promise<void> {
  const folder = out ?? null
  const installAs = install === undefined ? null : install === true ? `Tuned by ${runId}` : install
  const job = await follow(await client.models.export({ runId, format, folder, installAs }))
  const next = job.outcome?.what === 'job' ? await follow(await client.jobs.get({ id: job.outcome.id })) : null
  const model = next?.outcome ? await client.models.get({ id: next.outcome.id }) : null
  const said = [
    ...(folder === null ? [] : [`Wrote ${folder}`]),
    ...(model === null ? [] : [`Installed ${model.name} as ${model.id}.`])
  ]
  print({ job, folder, model }, said.join('\n'))
}
