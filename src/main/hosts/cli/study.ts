import type { AddCommand } from './command.ts'
import { writeText } from './files.ts'

/** `study`: studies as files that are carried between labs. */
export const addStudy: AddCommand = (program, run) => {
  const study = program.command('study').description('studies as files: their form, export and import')

  study
    .command('schema')
    .description('the form of study files as JSON Schema, for editors')
    .option('--out <file>', 'where to', '-')
    .option('--force', 'overwrite a file that is there already')
    .action(
      run(async ({ client, print }, options: { out: string; force?: true }) => {
        const { schema } = await client.studies.schema({})
        const path = await writeText(options.out, `${JSON.stringify(schema, null, 2)}\n`, options.force)
        if (path !== null) print({ path }, `Wrote ${path}`)
      })
    )
}
