import type { Command } from 'commander'
import { LabError } from '../../contract/error.ts'
import { findNamed } from '../../naming/find-named.ts'
import { jsonSchemaOf, jsonShapes, shapesVersion } from './json-shapes.ts'
import { printError } from './run.ts'

/** `schema`: the form of what a command prints with --json. */
export function addSchema(program: Command): void {
  program
    .command('schema [command...]')
    .description(
      'the form of what a command prints with --json, as JSON Schema: schema experiment show; "schema error": of errors; without a command: their names'
    )
    .action((words: string[]) => {
      const json = program.opts<{ json?: boolean }>().json === true
      const names = [...Object.keys(jsonShapes), 'error'].sort()
      const wanted = words.join(' ')
      if (wanted === '') {
        const all = { version: shapesVersion, commands: names }
        process.stdout.write(json ? `${JSON.stringify(all, null, 2)}\n` : `${names.join('\n')}\n`)
        return
      }
      try {
        const { id } = findNamed(
          'command',
          names.map((name) => ({ id: name, name })),
          wanted
        )
        process.stdout.write(`${JSON.stringify(jsonSchemaOf(id), null, 2)}\n`)
      } catch (error) {
        if (!(error instanceof LabError)) throw error
        process.exitCode = printError(error, json)
      }
    })
}
