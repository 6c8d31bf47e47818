import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { architectureOf, modelTypeNames, modelTypeOf, parametersOf } from '../../src/main/models/architectures/index.ts'

const folder = join(import.meta.dirname, '../../src/main/models/architectures')
/** What all of them share: the interface, the fields of config.json, and the table itself. */
const shared = ['architecture.ts', 'fields.ts', 'index.ts']
const files = readdirSync(folder).filter((file) => !shared.includes(file))

describe('an architecture owns its facts', () => {
  test.each(files)('%s knows no sibling', (file) => {
    const siblings = [...readFileSync(join(folder, file), 'utf8').matchAll(/from '\.\/([\w-]+\.ts)'/g)].map(
      (match) => match[1]!
    )
    expect(siblings.filter((sibling) => !shared.includes(sibling))).toEqual([])
  })

  test('no other file names an architecture to decide something', () => {
    const root = join(import.meta.dirname, '../../src/main')
    const names = files.map((file) => basename(file, '.ts'))
    const naming = new RegExp(`architecture\\s*[!=]==?\\s*'(${names.join('|')})'|case '(${names.join('|')})'`)
    const wrong = ['engine', 'worker', 'models', 'retrieval', 'jobs', 'api'].flatMap((layer) =>
      readdirSync(join(root, layer), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !(layer === 'models' && file.startsWith('architectures')))
        .filter((file) => naming.test(readFileSync(join(root, layer, file), 'utf8')))
        .map((file) => join(layer, file))
    )
    expect(wrong).toEqual([])
  })
})

describe.each(modelTypeNames)('%s with nothing but its name', (type) => {
  const config = modelTypeOf(type)!.schema.parse({ model_type: type })
  const facts = architectureOf(config)

  test('has weights of different names, and Low-Rank Adaptation finds some of them', () => {
    const parameters = parametersOf(config)
    expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length)
    const adapted = parameters.filter(({ name, dims }) =>
      facts.loraTargets.some((target) => dims.length === 2 && name.endsWith(`.${target}.weight`))
    )
    expect(adapted.length).toBeGreaterThan(0)
    for (const { name } of parameters) expect(facts.checkpointNames(config, name).length).toBeGreaterThan(0)
  })

  test('knows the blocks of its stacks by name: each has weights, and none that is numbered is left out', () => {
    const blocks = facts.blockNames(config)
    expect(blocks.length).toBe(facts.stacks(config).filter((stack) => stack !== null).length)
    const names = parametersOf(config).map(({ name }) => name)
    for (const block of blocks.flat()) expect(names.some((name) => name.startsWith(`${block}.`))).toBe(true)
    const outside = names.filter((name) => !blocks.flat().some((block) => name.startsWith(`${block}.`)))
    expect(outside.filter((name) => /\b(layers?|block|albert_layers)\.\d+\./.test(name))).toEqual([])
  })

  test('knows where its tokens are and how long they may be', () => {
    const { firstPosition, buckets, tables = [] } = facts.source(config)
    expect(firstPosition !== null || buckets !== null || tables.length > 0).toBe(true)
    // A table of learned positions is a limit; without one there may be what the model was made for.
    if (firstPosition !== null) expect(facts.maxInputTokens(config)).not.toBeNull()
    expect(facts.stacks(config)[0].hidden).toBe(config.hiddenSize)
  })
})
