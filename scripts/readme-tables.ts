import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { strategies } from '../src/main/contract/strategies.ts'
import { baseModelTypes, modelTypeNames } from '../src/main/models/architectures/index.ts'

/** `npm run tables`: writes those tables in README.md anew that list what the lab has, from where it has it. */
const path = join(import.meta.dirname, '..', 'README.md')

/** README.md as it has to be. Throws where it lacks one of the tables. */
export function withTables(readme: string): string {
  const encoders = modelTypeNames.filter((name) => !baseModelTypes.includes(name))
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')
  const models = { 'base models': code(baseModelTypes), 'sentence encoders and pair classifiers': code(encoders) }
  const described = Object.entries(strategies).map(([name, { summary }]) => [name, summary])
  const withStrategies = withRows(readme, '| strategy | what it tunes on |', described)
  return withRows(withStrategies, '| used as | `model_type` in config.json |', Object.entries(models))
}

/** The text with these rows in the table that has this head. */
function withRows(text: string, head: string, rows: readonly (readonly string[])[]): string {
  const [before, rest] = text.split(`${head}\n|---|---|\n`)
  if (before === undefined || rest === undefined) throw new Error(`README.md has no table "${head}".`)
  const lines = rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
  return `${before}${head}\n|---|---|\n${lines}${rest.replace(/^(?:\|.*\n)*/, '')}`
}

if (import.meta.main) writeFileSync(path, withTables(readFileSync(path, 'utf8')))
