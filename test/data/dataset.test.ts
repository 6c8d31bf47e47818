import Database from 'better-sqlite3'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { DatasetWriter, type NewExample } from '../../src/main/data/dataset-writer.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import { makeDataset } from './make-dataset.ts'

const folder = mkdtempSync(join(tmpdir(), 'dataset-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const newPath = (): string => join(folder, String(++files), 'examples.db')

const rows: NewExample[] = [
  {
    input: 'Is the café open?',
    outputs: ['yes', 'yes, it is'],
    task: 'qa',
    template: 'a',
    group: 'questions',
    sourceId: 'qa|train|a|#7'
  },
  {
    input: 'Say if the café is open.',
    outputs: ['yes'],
    task: 'qa',
    template: 'b',
    group: 'questions',
    sourceId: 'qa|train|b|#7',
    choices: ['yes', 'no']
  },
  { input: 'The film was great', outputs: ['positive'], task: 'films', group: 'sentiment' },
  { input: 'The film was great', outputs: ['positive'], task: 'films', group: 'sentiment' },
  { input: 'Der Zug fährt\u0000 \ud83d\ude80', outputs: [''], task: 'trains' }
]

describe('a sealed dataset', () => {
  it('gives back what was written', () => {
    const dataset = makeDataset(newPath(), rows)
    expect(dataset.count).toBe(5)
    expect(dataset.get(2)).toEqual({ ...rows[1], id: 2, sourceItem: 1 })
    expect(dataset.get(1).sourceItem).toBe(1)
    expect(dataset.get(5)).toMatchObject({
      input: 'Der Zug fährt\u0000 \ud83d\ude80',
      outputs: [''],
      group: 'ungrouped'
    })
    expect([...dataset.iterate()].map((example) => example.id)).toEqual([1, 2, 3, 4, 5])
    expect([...dataset.iterate(2, 4)].map((example) => example.id)).toEqual([2, 3])
    expect(() => dataset.get(6)).toThrow(expect.objectContaining({ code: 'no-such-example' }))
    dataset.close()
  })

  it('knows its tasks, labels and lengths', () => {
    const dataset = makeDataset(newPath(), rows)
    expect(dataset.tasks().map(({ task, group, examples, templates }) => [task, group, examples, templates])).toEqual([
      ['films', 'sentiment', 2, 1],
      ['qa', 'questions', 2, 2],
      ['trains', 'ungrouped', 1, 1]
    ])
    const labels = dataset.labels()
    expect([...labels.taskOf].slice(1).map((task) => labels.tasks[task])).toEqual([
      'qa',
      'qa',
      'films',
      'films',
      'trains'
    ])
    expect([...labels.groupOf].slice(1).map((group) => labels.groups[group])).toEqual([
      'questions',
      'questions',
      'sentiment',
      'sentiment',
      'ungrouped'
    ])
    const lengths = dataset.lengths('input')
    expect(lengths.counts.reduce((a, b) => a + b)).toBe(5)
    expect(lengths.edges).toHaveLength(lengths.counts.length + 1)
    expect(dataset.lengths('output', 'films')).toEqual({ edges: [7, 10], counts: [2] })
    dataset.close()
  })

  it.each([
    ['cafe', {}, [1, 2]],
    ['CAFÉ', {}, [1, 2]],
    ['great OR "nothing', {}, [3, 4]],
    ['open', { task: 'qa' }, [1, 2]],
    ['open', { task: 'films' }, []],
    ['yes', { group: 'questions' }, [1, 2]],
    ['', { group: 'sentiment' }, [3, 4]],
    ['', {}, [1, 2, 3, 4, 5]],
    ['?!', {}, []],
    ['t0', {}, []],
    ['open', { task: 'unknown' }, []]
  ])('finds %j with %j', (text, filter, ids) => {
    const dataset = makeDataset(newPath(), rows)
    const found = dataset.search(text, { ...filter, limit: 10, offset: 0 })
    expect(found.examples.map((example) => example.id).sort()).toEqual(ids)
    expect(found.total).toBe(ids.length)
    dataset.close()
  })

  it('ranks by BM25 over inputs only', () => {
    const dataset = makeDataset(newPath(), rows)
    const ranked = dataset.bm25('Say, is it open?', 10)
    expect(ranked.map((row) => row.id)).toEqual([2, 1])
    expect(ranked.every((row, n) => n === 0 || row.score <= ranked[n - 1]!.score)).toBe(true)
    expect(dataset.bm25('positive', 10)).toEqual([])
    dataset.close()
  })

  it('has a content hash that any change changes, and nothing else', () => {
    const hashOf = (examples: NewExample[]): string => {
      const dataset = makeDataset(newPath(), examples)
      dataset.close()
      return dataset.contentHash
    }
    const first = hashOf(rows)
    expect(hashOf(rows)).toBe(first)
    const changes: Partial<NewExample>[] = [
      { input: 'Is the café open' },
      { outputs: ['yes'] },
      { task: 'qa2' },
      { template: 'c' },
      { group: 'other' },
      { sourceId: 'x' },
      { choices: ['yes'] }
    ]
    const hashes = changes.map((change) => hashOf([{ ...rows[0]!, ...change }, ...rows.slice(1)]))
    expect(new Set([first, ...hashes]).size).toBe(changes.length + 1)
    expect(hashOf([rows[1]!, rows[0]!, ...rows.slice(2)])).not.toBe(first)
  })

  it('counts duplicates of input and outputs', () => {
    const writer = new DatasetWriter(newPath(), { name: 'x', kind: 'target' })
    for (const row of rows) writer.add(row)
    expect(writer.seal()).toMatchObject({ examples: 5, duplicates: 1, tasks: 3, groups: 3, sourceItems: 3 })
  })

  it('keeps any text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), { minLength: 1 }),
        (texts) => {
          const dataset = makeDataset(
            newPath(),
            texts.map(([input, output]) => ({ input, outputs: [output], task: output }))
          )
          const read = [...dataset.iterate()].map(({ input, outputs, task }) => [input, outputs[0], task])
          dataset.close()
          expect(read).toEqual(texts.map(([input, output]) => [input.toWellFormed(), output, output]))
        }
      ),
      { numRuns: 30 }
    )
  })

  it('does not exist before it is sealed', () => {
    const path = newPath()
    const writer = new DatasetWriter(path, { name: 'x', kind: 'upstream' })
    writer.add(rows[0]!)
    expect(() => openDataset(path)).toThrow(expect.objectContaining({ code: 'dataset-missing' }))
    expect(() => openDataset(`${path}.partial`)).toThrow(expect.objectContaining({ code: 'dataset-corrupt' }))
    writer.discard()
    expect(existsSync(`${path}.partial`)).toBe(false)
  })

  it('says when a file is damaged or newer', () => {
    const damaged = join(folder, 'damaged.db')
    writeFileSync(damaged, 'not a database at all, but long enough to look like one'.repeat(50))
    expect(() => openDataset(damaged)).toThrow(expect.objectContaining({ code: 'dataset-corrupt' }))
    const path = newPath()
    makeDataset(path, rows).close()
    const db = new Database(path)
    db.exec("UPDATE meta SET value = '99' WHERE key = 'format'")
    db.close()
    expect(() => openDataset(path)).toThrow(expect.objectContaining({ code: 'dataset-newer' }))
  })
})
