import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Example } from '../../src/main/contract/data.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import { readRankedSets } from '../../src/main/worker/reranking/pairs-file.ts'
import { makeToySupervision, runHere, toyMining, type ToySupervision } from './toy-supervision.ts'

let toy: ToySupervision
let rows: Example[]
beforeAll(async () => {
  toy = await makeToySupervision()
  const dataset = openDataset(toy.dataset)
  rows = [...dataset.iterate()]
  dataset.close()
})
afterAll(() => toy.remove())

const folder = (): string => mkdtempSync(join(toy.folder, 'tuples-'))
const rowOf = ({ input, outputs, sourceId }: Example, id: unknown = sourceId) => [input, outputs, id]

/** As the original's scripts write them: rows of one task ask, rows of another of its group help, rows of other groups do not. */
function tuplesOf(count: number, helps: 'own group' | 'others' = 'own group') {
  const tasks = [...new Set(rows.map(({ task }) => task))]
  return Array.from({ length: count }, (_, at) => {
    const task = tasks[at % tasks.length]!
    const { group } = rows.find((row) => row.task === task)!
    const of = (test: (row: Example) => boolean) =>
      rows
        .filter(test)
        .slice(8 * at, 8 * at + 8)
        .map((row) => rowOf(row))
    const own = of((row) => row.group === group && row.task !== task)
    const others = of((row) => row.group !== group)
    return {
      query_examples: of((row) => row.task === task),
      positive_examples: helps === 'own group' ? own : others,
      negative_examples: helps === 'own group' ? others : own
    }
  })
}

function written(name: string, content: string | Buffer): string {
  const path = join(folder(), name)
  writeFileSync(path, content)
  return path
}

async function bringIn(...tuples: string[]) {
  const at = folder()
  const logs: string[] = []
  const output = await runHere('mine-pairs', toyMining(toy, {}, { tuples }), at, { logs })
  const dataset = openDataset(toy.dataset)
  const { sets } = await readRankedSets(at, dataset)
  dataset.close()
  return { ...output, report: output.report!, sets, logs: logs.join('\n') }
}

describe("the original's tuples", () => {
  const forms: [string, (tuples: object[]) => string | Buffer][] = [
    ['better_tuple.json', (tuples) => JSON.stringify(tuples)],
    ['train_tuples.json', (tuples) => JSON.stringify(tuples, null, 4)],
    ['tuples.jsonl', (tuples) => tuples.map((one) => JSON.stringify(one)).join('\n')],
    ['ds_from_upstream.json.gz', (tuples) => gzipSync(JSON.stringify(tuples))]
  ]
  it.each(forms)(
    '%s: become pairs of the rows that they name, best first, with the labels that they have',
    async (name, form) => {
      const tuples = tuplesOf(6)
      const { report, sets, logs } = await bringIn(written(name, form(tuples)))
      expect(report).toMatchObject({
        sets: 6,
        pairs: { positive: 48, negative: 48 },
        headRoom: null,
        reliability: null
      })
      expect(logs).toMatch(/^(\d+) of \1 rows of 6 tuples are in the data/)
      sets.forEach(({ queries, labelled }, at) => {
        const { query_examples: asked, positive_examples: good, negative_examples: bad } = tuples[at]!
        expect(queries).toEqual(asked.map(([input]) => input))
        expect(labelled.map(({ text, label }) => [text, label])).toEqual([
          ...good.map(([input]) => [input, 1]),
          ...bad.map(([input]) => [input, 0])
        ])
      })
      // What a mining of one's own would have measured is said to be unknown; the groups are looked at.
      expect(report.gate.open).toBe(true)
      expect(report.gate.checks.map(({ name: check, holds }) => [check, holds])).toEqual([
        ['head-room', null],
        ['reliability', null],
        ['best-group', null],
        ['same-group', true]
      ])
    }
  )

  it('in which other groups help and the own ones do not close the gate', async () => {
    const { report } = await bringIn(written('better_tuple.json', JSON.stringify(tuplesOf(6, 'others'))))
    expect(report.gate.open).toBe(false)
  })

  it('of several files follow each other; rows under other ids and rows that are not there are counted', async () => {
    const [first, second] = tuplesOf(2)
    first!.query_examples[0]![2] = 'elsewhere|train|t|#1'
    first!.positive_examples[7] = ['This row is nowhere.', ['no'], 'x|y|z|#1']
    second!.negative_examples = [['Nor is this one.', ['no'], 'x|y|z|#2']]
    const { report, sets, logs } = await bringIn(
      written('a.json', JSON.stringify([first, ...tuplesOf(4).slice(2)])),
      written('b.json', JSON.stringify([second]))
    )
    expect(report.sets).toBe(3)
    expect(sets[0]!.labelled.filter(({ label }) => label === 1)).toHaveLength(7)
    expect(logs).toMatch(/1 of them have another id there\. 1 tuples are left out/)
  })

  const one = () => tuplesOf(1)[0]!
  const refused: [string, () => string, string, RegExp][] = [
    [
      'of other data',
      () =>
        JSON.stringify([
          {
            ...one(),
            query_examples: [['q', ['a'], 'i']],
            positive_examples: Array.from({ length: 40 }, (_, at) => [`elsewhere ${at}`, ['a'], 'i'])
          }
        ]),
      'pairs-of-other-data',
      /"q" \(i\)/
    ],
    [
      'without labels',
      () =>
        JSON.stringify([
          { query_examples: one().query_examples, retrieved_candidates: one().positive_examples, tuple_id: 0 }
        ]),
      'tuples-without-labels',
      /query_retrieved/
    ],
    [
      'of two tasks at once',
      () => {
        const tuple = one()
        const other = rows.find(({ task }) => task !== rows[0]!.task)!
        return JSON.stringify([{ ...tuple, query_examples: [...tuple.query_examples, rowOf(other)] }])
      },
      'bad-tuples',
      /rows of one task/
    ],
    ['that end in the middle', () => JSON.stringify(tuplesOf(2)).slice(0, -40), 'json-cut', /ends in the middle/],
    [
      'without one of their parts',
      () => JSON.stringify([{ ...one(), negative_examples: [] }]),
      'bad-tuples',
      /line 1: .*negative_examples/
    ],
    [
      'whose rows are no rows',
      () => JSON.stringify([{ ...one(), positive_examples: [{ input: 'a' }] }]),
      'bad-tuples',
      /positive_examples\.0/
    ],
    ['that are rows', () => JSON.stringify(one().query_examples), 'bad-tuples', /expected a tuple/],
    ['that are nothing', () => ' \n', 'bad-tuples', /empty/],
    ['of a list of nothing', () => '[]', 'pairs-of-other-data', /no tuples/],
    [
      'that are a Git LFS pointer',
      () => `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`,
      'git-lfs-pointer',
      /git lfs pull/
    ],
    ['that a pickle holds', () => '\u0080\u0004\u0095]q\u0000.', 'json-broken', /expected a value/]
  ]
  it.each(refused)('%s are refused by name, and nothing is written', async (_, content, code, message) => {
    const at = folder()
    const asked = toyMining(toy, {}, { tuples: [written('tuples.json', content())] })
    const refusal = runHere('mine-pairs', asked, at)
    await expect(refusal).rejects.toMatchObject({ code })
    await expect(refusal).rejects.toThrow(message)
    expect(existsSync(join(at, 'pairs.jsonl'))).toBe(false)
  })
})
