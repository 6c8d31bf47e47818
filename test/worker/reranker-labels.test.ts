import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetFile } from '../../src/main/contract/dataset-file.ts'
import { miningSettingsSchema, type MinedPair, type MiningSettings } from '../../src/main/contract/minings.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import type { NewExample } from '../../src/main/data/dataset-writer.ts'
import { areaUnderCurve } from '../../src/main/evaluation/ranking.ts'
import { Random } from '../../src/main/random/random.ts'
import { QuerySets } from '../../src/main/worker/reranking/draw.ts'
import { labelledPairs } from '../../src/main/worker/reranking/labels.ts'
import type { MinedSet } from '../../src/main/worker/reranking/mined-set.ts'
import { relationRows } from './relation-data.ts'
import { writeDataset } from './tiny-world.ts'

/**
 * Families of tasks that a base does not know, among tasks that it knows well: rows of a task's own family help, those of other
 * families harm a little, and known ones harm most. A retrieval brings rows of the own family and known ones. Who then takes the least
 * useful for the others learns "not known", for which no query need be read.
 */
const known = ['known_0', 'known_1']
let folder: string
let dataset: DatasetFile
let families: string[]
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'recross-labels-'))
  const rows = relationRows()
  const more = known.flatMap((task) =>
    Array.from({ length: 60 }, (_, row): NewExample => {
      const source = { task, group: 'known', template: 'v0', sourceId: `${task}|train|v0|#${row}`, choices: null }
      return { ...source, input: `${task} says ${row}`, outputs: ['no'] }
    })
  )
  families = [...new Set(rows.map(({ task }) => task))]
  dataset = openDataset(writeDataset(join(folder, 'examples.db'), 'upstream', [...rows, ...more]))
})
afterAll(() => {
  dataset.close()
  rmSync(folder, { recursive: true, force: true })
})

const settingsOf = (changes: Partial<MiningSettings>) =>
  miningSettingsSchema.parse({
    ...{ sets: 120, rows: 4, keep: 24, groupSize: 4, labelledRows: 8, draws: 2, positives: 4, tasks: families },
    ...changes
  })

/** What a mining would find: candidates of the retrieval and of other tasks, with the usefulness of their families. */
function minedSets(settings: MiningSettings): MinedSet[] {
  const querySets = new QuerySets(dataset, settings)
  const rows = [...dataset.iterate()]
  return Array.from({ length: settings.sets }, (_, set): MinedSet => {
    const drawn = querySets.draw(set)
    const random = new Random(`retrieval ${set}`)
    const others = querySets.others(drawn, Math.floor(settings.otherTasks * settings.keep), new Set())
    const near = rows.filter(
      ({ id, group, task }) =>
        task !== drawn.task && (group === drawn.group || group === 'known') && !others.includes(id)
    )
    const found = random.sample(near, settings.keep - others.length).map(({ id }) => id)
    const candidates = [...found, ...others].map((id, rank) => {
      const { task, group } = dataset.get(id)
      const delta = (group === drawn.group ? -1 : group === 'known' ? 1 : 0.5) + random.normal() / 10
      return { ...{ id, query: null, rank, task, group }, draws: [delta, delta], delta }
    })
    return {
      ...{ set, task: drawn.task, group: drawn.group, queryIds: [...drawn.queryIds] },
      ...{ baseLoss: 1, ownRows: -1, best: -1, worst: 1, cpuSeconds: 0, trials: 0, candidates }
    }
  })
}

/** The AUC of who knows only how often a candidate's task is useful in all sets, whatever is asked. */
function areaWithoutQueries(pairs: readonly MinedPair[]): number {
  const taskOf = ({ candidateId }: MinedPair): string => dataset.get(candidateId).task
  const useful = new Map(
    [...Map.groupBy(pairs, taskOf)].map(
      ([task, own]) => [task, own.filter(({ label }) => label === 1).length / own.length] as const
    )
  )
  return areaUnderCurve(
    pairs.map((pair) => useful.get(taskOf(pair))!),
    pairs.map(({ label }) => label)
  )!
}

describe('labels of mined pairs', () => {
  it('cannot be told from the candidate alone where other tasks are among the candidates', () => {
    const settings = settingsOf({})
    const sets = minedSets(settings)
    const pairs = labelledPairs(sets, settings, 0)
    expect(pairs.filter(({ label }) => label === 1).length).toBeGreaterThan(400)
    expect(areaWithoutQueries(pairs)).toBeLessThan(0.6)
    // The paper's, which this is for: only known rows come out as the least useful.
    const paper = settingsOf({ otherTasks: 0, negatives: 'least-useful' })
    expect(areaWithoutQueries(labelledPairs(minedSets(paper), paper, 0))).toBeGreaterThan(0.9)
    // Either of the two alone is not enough.
    const noOthers = settingsOf({ otherTasks: 0 })
    expect(areaWithoutQueries(labelledPairs(minedSets(noOthers), noOthers, 0))).toBeGreaterThan(0.7)
    const leastUseful = settingsOf({ negatives: 'least-useful' })
    expect(areaWithoutQueries(labelledPairs(sets, leastUseful, 0))).toBeGreaterThan(0.9)
  })

  it('are useful ones that help and as many of the less useful half, the most useful first', () => {
    const settings = settingsOf({})
    const sets = minedSets(settings)
    const pairs = labelledPairs(sets, settings, 3)
    for (const { set, candidates } of sets) {
      const own = pairs.filter((pair) => pair.set === set)
      const useful = own.filter(({ label }) => label === 1)
      expect(own.length).toBe(2 * useful.length)
      const ranked = candidates.map(({ delta }) => delta).toSorted((a, b) => a - b)
      for (const { delta, label } of own) {
        if (label === 1) expect(delta).toBeLessThan(0)
        else expect(delta).toBeGreaterThanOrEqual(ranked[Math.ceil(ranked.length / 2)]!)
      }
      expect(own.map(({ delta }) => delta)).toEqual(own.map(({ delta }) => delta).toSorted((a, b) => a - b))
      expect(new Set(own.map(({ candidateId }) => candidateId)).size).toBe(own.length)
    }
  })
})

it('rows of other tasks: none of the own, none twice, every group alike, the same for the same set, and fewer than there are', () => {
  const settings = settingsOf({})
  const querySets = new QuerySets(dataset, settings)
  const drawn = querySets.draw(5)
  const groups = new Map<string, number>()
  for (let set = 0; set < 200; set++) {
    const ids = querySets.others({ set, task: drawn.task }, 20, new Set([1, 2, 3]))
    expect(new Set(ids).size).toBe(20)
    for (const id of ids) {
      const { task, group } = dataset.get(id)
      expect(id > 3 && task !== drawn.task && families.includes(task)).toBe(true)
      groups.set(group, (groups.get(group) ?? 0) + 1)
    }
  }
  for (const count of groups.values()) expect(Math.abs(count / 4000 - 0.25)).toBeLessThan(0.03)
  expect(groups.size).toBe(4)
  expect(querySets.others(drawn, 20, new Set())).toEqual(new QuerySets(dataset, settings).others(drawn, 20, new Set()))
  expect(querySets.others(drawn, 5000, new Set()).length).toBe(60 * 15)
})
