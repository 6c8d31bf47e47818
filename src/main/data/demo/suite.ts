import type { MetricName } from '../../contract/data.ts'
import { Random } from '../../random/random.ts'
import { makeWorld } from './lexicon.ts'
import { fill, type DemoTask, type Item, type World } from './task.ts'
import { demoTargets } from './targets.ts'
import { upstreamTasks } from './upstream/index.ts'

/** A row of the original's line files: input, right answers, `task|split|template|#item`. */
export type LineRow = [input: string, outputs: string[], id: string]

export interface DemoSuite {
  upstream: LineRow[]
  /** Group → tasks, as the original's task groupings. */
  groups: Record<string, string[]>
  targets: {
    name: string
    skill: string | null
    metrics: MetricName[]
    test: LineRow[]
    /** Size → round → rows, as the original's query-set files. */
    querySets: Record<string, Record<string, LineRow[]>>
  }[]
}

export interface SuiteSize {
  seed: number
  /** Source items per upstream task; each is asked in one to three ways. */
  itemsPerTask: number
  testItems: number
  rounds: number
  queries: number
  /** Names the stream of random numbers for upstream items; another name gives other items in the same world. */
  stream: string
  /** The same for the targets' items. Settings are chosen on other items than those of the demo's stream, "test". */
  targets: string
}

/**
 * What the demo models learn from: the same tasks with fresh items from another seed, several times as many, so that a
 * model sees nothing twice and the upstream examples are not known by heart when they are retrieved.
 */
export function makeTrainingRows(itemsPerTask: number, size: SuiteSize = demoSize): LineRow[] {
  return makeSuite({ ...size, itemsPerTask, testItems: 0, rounds: 0, stream: 'training' }).upstream
}

export const demoSize: SuiteSize = {
  seed: 2204,
  itemsPerTask: 420,
  testItems: 400,
  rounds: 5,
  queries: 16,
  stream: 'upstream',
  targets: 'test'
}

/**
 * Makes the whole demo suite from a seed: about 20,000 upstream examples, and targets with tests and query sets. No two
 * source items of a task are alike, and no test item is among the queries. `tasks`: other upstream tasks than the demo's own.
 */
export function makeSuite(size: SuiteSize = demoSize, tasks: readonly DemoTask[] = upstreamTasks): DemoSuite {
  const world = makeWorld(size.seed)
  const upstream = tasks.flatMap((task) => {
    const random = new Random(size.seed).fork(`${size.stream} ${task.name}`)
    return distinctItems(task, size.itemsPerTask, { random, world }).flatMap((item, n) =>
      random
        .sample(task.templates, random.between(1, 3))
        .map((template) => row(task, template, { split: 'train', item, n }, random))
    )
  })
  const groups: Record<string, string[]> = {}
  for (const task of tasks) (groups[task.group] ??= []).push(task.name)
  const targets = demoTargets.map((target) => {
    const random = new Random(size.seed).fork(`${size.targets} ${target.name}`)
    const perRound = Math.ceil(size.queries / target.templates.length)
    const count = size.testItems + size.rounds * perRound
    const items = distinctItems(target, count, { random, world }, (item) => questionsOf(target, item))
    const ask = (split: string, item: Item, n: number) =>
      target.templates.map((template) => row(target, template, { split, item, n }, random))
    const test = items.slice(0, size.testItems).flatMap((item, n) => ask('test', item, n))
    const rounds = Array.from({ length: size.rounds }, (_, round) => {
      const from = size.testItems + round * perRound
      const rows = items.slice(from, from + perRound).flatMap((item, n) => ask('train', item, from + n))
      return [`round#${round}`, random.shuffle(rows).slice(0, size.queries)] as const
    })
    return {
      name: target.name,
      skill: target.skill,
      metrics: target.metrics,
      test,
      querySets: { [String(size.queries)]: Object.fromEntries(rounds) }
    }
  })
  return { upstream: new Random(size.seed).fork('order').shuffle(upstream), groups, targets }
}

function row(
  task: DemoTask,
  template: DemoTask['templates'][number],
  { split, item, n }: { split: string; item: Item; n: number },
  random: Random
): LineRow {
  const place = task.templates.indexOf(template)
  return [
    fill(template.input, item, random),
    [fill(template.output, item, random)],
    `${task.name}|${split}|template_${place}|#${n}`
  ]
}

/**
 * Different source items, as many as asked for or as many as the task has: a task of facts runs out of them (there are 160
 * facts about the world), and then has fewer. Items differ that have none of their keys in common.
 */
function distinctItems(
  task: DemoTask,
  count: number,
  { random, world }: { random: Random; world: World },
  keysOf = (item: Item): string[] => [JSON.stringify(item)]
): Item[] {
  const items: Item[] = []
  const known = new Set<string>()
  for (let tries = 0; items.length < count && tries < count * 20; tries++) {
    const item = task.make(random, world)
    const keys = keysOf(item)
    if (keys.some((key) => known.has(key))) continue
    for (const key of keys) known.add(key)
    items.push(item)
  }
  return items
}

/** All that a target asks about an item, but for the wording around it: a name that one question leaves out makes no new item. */
function questionsOf({ templates }: DemoTask, item: Item): string[] {
  return templates.map(({ input }) => input.replaceAll(/\{(\w+)\}/g, (_, key: string) => item[key] ?? ''))
}
