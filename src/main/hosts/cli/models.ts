import { resolve } from 'node:path'
import type { AddCommand } from './command.ts'
import { modelText } from './reranker-text.ts'
import { bytes, table } from './table.ts'
import { addThingVerbs } from './things.ts'

/** `models`: list, install from a folder, remove. */
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
    .command('show <id>')
    .description('everything about a model; of a reranker also what it was trained on and how good it is')
    .action(
      run(async ({ client, print }, id: string) => {
        const model = await client.models.get({ id })
        print(model, modelText(model))
      })
    )

  models
    .command('install <folder>')
    .description('install a model from a folder in Hugging Face layout')
    .option('--name <name>', 'its name; default: that of the folder')
    .option('--prefix <text>', 'put before every input and output, e.g. "<s> " for BART0', '')
    .action(
      run(async ({ client, print, follow }, folder: string, { name, prefix }: { name?: string; prefix: string }) => {
        const path = resolve(folder)
        const job = await follow(
          await client.models.install({ name: name ?? path.split(/[/\\]/).at(-1)!, folder: path, prefix })
        )
        const model = job.outcome === null ? null : await client.models.get({ id: job.outcome.id })
        print({ job, model }, `Installed ${model?.name} as ${model?.id}.`)
      })
    )

  addThingVerbs(models, run, 'model')
}
