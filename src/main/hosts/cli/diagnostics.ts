import type { AddCommand } from './command.ts'
import { writeSaved } from './files.ts'

/** `diagnostics`: what somebody who helps needs to know, without anything of the user's. */
export const addDiagnostics: AddCommand = (program, run) => {
  program
    .command('diagnostics')
    .description(
      'write a zip for somebody who helps: versions, self-test, settings, jobs, logs; no texts, names or tokens'
    )
    .option('--out <new-file>', 'where to; "-" for standard output; default: a name of its own in this folder')
    .option('--force', 'overwrite a file that is there already')
    .action(
      run(async ({ client, print, note }, { out, force }: { out?: string; force?: true }) => {
        note('Testing what the lab needs.')
        const file = await client.lab.diagnostics()
        const path = await writeSaved(out ?? file.fileName, file, force)
        if (path !== null) print({ path }, `Wrote ${path}. Look into it before you send it.`)
      })
    )
}
