import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { demoSize, makeSuite, makeTrainingRows, type LineRow } from '../../src/main/data/demo/suite.ts'
import { upstreamTasks } from '../../src/main/data/demo/upstream/index.ts'
import { newer } from '../../src/main/data/demo/upstream/newer.ts'

const folder = join(import.meta.dirname, '../../data/demo')
const read = (path: string): unknown => {
  const bytes = readFileSync(join(folder, path))
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'))
}
const suite = makeSuite()

test('the bundled data are what the generator makes from its seed', () => {
  expect(read('upstream.json.gz')).toEqual(suite.upstream)
  expect(read('groups.json')).toEqual(suite.groups)
  for (const { name, test, querySets } of suite.targets) {
    expect(read(`targets/${name}/test.json.gz`)).toEqual(test)
    expect(read(`targets/${name}/queries.json.gz`)).toEqual(querySets)
  }
  const { targets } = read('manifest.json') as { targets: { name: string; skill: string | null }[] }
  expect(targets.map(({ name, skill }) => [name, skill])).toEqual(suite.targets.map(({ name, skill }) => [name, skill]))
})

describe('the suite', () => {
  const inputs = (rows: readonly LineRow[]) => new Set(rows.map(([input]) => input))

  test('has eight groups of three tasks, asked in four ways or more, and some 20,000 examples', () => {
    expect(Object.values(suite.groups).map((tasks) => tasks.length)).toEqual(Array(8).fill(3))
    for (const { name, templates } of upstreamTasks) expect(templates.length, name).toBeGreaterThanOrEqual(4)
    expect(suite.upstream.length).toBeGreaterThan(18_000)
  })
  test('has four more families of four tasks for the reranker, with answers that no task of the demo gives', () => {
    const families = Map.groupBy(newer, ({ group }) => group)
    expect([...families.values()].map((tasks) => tasks.length)).toEqual(Array(4).fill(4))
    const all = makeSuite({ ...demoSize, itemsPerTask: 20 }, [...upstreamTasks, ...newer])
    for (const { name, group } of newer) {
      expect(all.groups[group]).toContain(name)
      expect(suite.groups).not.toHaveProperty(group)
    }
    const newNames = new Set(newer.map(({ name }) => name))
    const answers = (isNew: boolean) =>
      new Set(all.upstream.flatMap(([, outputs, id]) => (newNames.has(id.split('|')[0]!) === isNew ? outputs : [])))
    const known = answers(false)
    const shared = [...answers(true)].filter((answer) => known.has(answer))
    expect(shared).toEqual([])
  })
  test('names for each target the group that teaches its skill, or none', () => {
    const skills = suite.targets.map(({ skill }) => skill)
    expect(skills.filter((skill) => skill === null)).toHaveLength(1)
    for (const skill of skills) if (skill !== null) expect(suite.groups).toHaveProperty(skill)
  })
  test.each(suite.targets.map((target) => [target.name, target] as const))(
    '%s: no test question among the queries or in what settings are chosen on',
    (_name, { name, test, querySets }) => {
      expect(test.length).toBe(2 * demoSize.testItems)
      const queries = Object.values(querySets['16']!).flat()
      for (const input of inputs(queries)) expect(inputs(test)).not.toContain(input)
      const other = makeSuite({ ...demoSize, targets: 'development' }).targets.find((one) => one.name === name)!
      const shared = [...inputs(other.test)].filter((input) => inputs(test).has(input))
      // Short texts of a small world come up twice now and then.
      expect(shared.length / test.length).toBeLessThan(0.05)
    }
  )
  test('models learn from other items than those that are retrieved', () => {
    const upstream = inputs(suite.upstream)
    const learnt = [...inputs(makeTrainingRows(200))]
    const tasksOfFacts = learnt.filter((input) => upstream.has(input))
    expect(tasksOfFacts.length / learnt.length).toBeLessThan(0.1)
  })
})
