import type { AddCommand } from './command.ts'
import { writeSaved } from './files.ts'

/** `predict`: a file of questions in, answers of a tuned model out. */
export const addPredict: AddCommand = (program, run) => {
  program
    .command('predict <run> <file>')
    .description('answer a file of questions (a text with one a line, a table, JSON lines) with what a run has tuned')
    .option('--out <new-file>', 'ending in .csv, .jsonl or .xlsx; default: the standard output')
    .option('--force', 'overwrite a file that is there already')
    .action(
      run(
        async (
          { client, print, follow },
          runId: string,
          file: string,
          { out = '-', force }: { out?: string; force?: true }
        ) => {
          const job = await follow(await client.models.answer({ of: { runId }, file }))
          const format = /\.(jsonl|ndjson)$/i.test(out) ? 'jsonl' : /\.xlsx$/i.test(out) ? 'xlsx' : 'csv'
          const { answers, file: given } = await client.models.answers({ jobId: job.id, format })
          if (out === '-') return print(answers, given.text, 'document')
          const path = await writeSaved(out, given, force)
          print({ path, answers }, `Wrote ${answers.length} answers to ${path}`)
        }
      )
    )
}
