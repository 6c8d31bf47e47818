import { writeFileSync } from 'node:fs'
import { jsonSchemaOf, jsonShapes, shapesVersion } from '../../src/main/hosts/cli/json-shapes.ts'
import { fieldsOf, publishedFile, type Published } from './published-shapes.ts'

/** Writes down what commands print with --json, where the version was raised. */
const commands = Object.keys(jsonShapes)
  .sort()
  .map((name) => [name, fieldsOf(jsonSchemaOf(name)).sort().join(' ')])
const published: Published = {
  version: shapesVersion,
  commands: Object.fromEntries(commands) as Record<string, string>
}
writeFileSync(publishedFile, `${JSON.stringify(published, null, 2)}\n`)
