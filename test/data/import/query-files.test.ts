import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readQuerySets } from '../../../src/main/data/import/query-sets.ts'
import { readTaskGroups } from '../../../src/main/data/import/task-groups.ts'
import { newFolder } from './run-import.ts'

/** Files beside the data say what is meant once, or are refused: nothing of them is taken silently in place of another. */

const rows = '[["a?",["x"],"1"],["b?",["y"],"2"]]'
const written = (text: string): string => {
  const path = join(newFolder(), 'file.json')
  writeFileSync(path, text)
  return path
}

it.each([
  ['fewer queries than their size', `{"4":{"round#0":${rows}}}`, /round#0 of size 4 has 2 queries/],
  ['more queries than their size', `{"1":{"round#0":${rows}}}`, /round#0 of size 1 has 2 queries/],
  ['a round twice, by two names', `{"2":{"round#0":${rows},"0":${rows}}}`, /round 0 of size 2 stands twice/],
  ['a size twice', `{"2":{"round#0":${rows}},"2":{"round#1":${rows}}}`, /the name "2" stands twice/],
  ['an empty query', '{"1":{"round#0":[["  ",["x"],"1"]]}}', /query 1 of round#0 of size 1 is empty/]
])('query sets with %s are refused', async (_, text, expected) => {
  await expect(readQuerySets(written(text))).rejects.toThrow(expected)
})

it('ids of queries that are numbers are kept, digit for digit', async () => {
  const text = '{"2":{"round#0":[["a?",["x"],12345678901234567890],["b?",["y"],7]]}}'
  const [set] = await readQuerySets(written(text))
  expect(set!.queries.map(({ sourceId }) => sourceId)).toEqual(['12345678901234567890', '7'])
})

it.each([
  ['a task in two groups', '{"g1":["t"],"g2":["t"]}', /the task "t" is in two groups, "g1" and "g2"/],
  ['a group twice', '{"g1":["t"],"g1":["u"]}', /the name "g1" stands twice/],
  ['a group without a name', '{"t":""}', /the group of "t" has no name/]
])('groups with %s are refused', (_, text, expected) => {
  expect(() => readTaskGroups(written(text))).toThrow(expected)
})

it('a task twice in one group is in it once', () => {
  expect([...readTaskGroups(written('{"g1":["t","t"]}'))]).toEqual([['t', 'g1']])
})
