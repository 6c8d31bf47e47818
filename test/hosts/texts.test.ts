import { describe, expect, test } from 'vitest'
import type { ExperimentPlan } from '../../src/main/contract/experiments.ts'
import { compare } from '../../src/main/evaluation/comparison.ts'
import { comparisonText } from '../../src/main/hosts/cli/comparison-text.ts'
import { planText } from '../../src/main/hosts/cli/plan-text.ts'
import { duration } from '../../src/main/hosts/cli/table.ts'
import { makeExperiment } from '../evaluation/world.ts'
import { specOf } from '../features/experiments/spec.ts'

describe('the terminal shows', () => {
  test.each([
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [119.7, '2 min 0 s'],
    [7265, '2 h 1 min']
  ])('%d s as %s', (seconds, text) => expect(duration(seconds)).toBe(text))

  test('a plan: the runs of every strategy, what is shared, what will show', () => {
    const nothing = { ablatedGroup: null, variant: [], reusesRunId: null, tunedByRunId: null }
    const run = { round: 0, targetIds: ['a'], seed: 1, ...nothing, estimatedSeconds: 40 }
    const plan: ExperimentPlan = {
      runs: [
        { ...run, key: '1', strategy: 'zero-shot', reusesRunId: 'run-1', estimatedSeconds: 0 },
        { ...run, key: '2', strategy: 'dense' },
        { ...run, key: '3', strategy: 'dense', round: 1 },
        { ...run, key: '4', strategy: 'dense', ablatedGroup: 'topic' }
      ],
      indices: [{ representation: 'dense', over: 'input', exists: false, estimatedSeconds: 30 }],
      estimatedSeconds: 150,
      estimatedBytesMemory: 1e9,
      estimatedBytesDisk: 2e9,
      weights: { bytes: { none: 0, best: 1e9, all: 2e9 }, keep: 'all', usual: 'all' },
      reranking: null,
      shared: ['One dense index serves every dense run.'],
      places: [],
      elsewhere: [],
      detectable: [
        {
          targetId: 'a',
          rows: 280,
          sourceItems: 58,
          points: 12.34,
          withOneMoreRound: 12,
          withTenMoreItems: 11,
          roundDeviation: 2,
          measured: true
        }
      ],
      forOtherQuerySets: true,
      wastedRounds: 0,
      warnings: ['Mind the gap.']
    }
    const lines = planText(specOf(), plan, () => 'CB').split('\n')
    expect(lines.slice(0, 4)).toEqual([
      'x: 4 runs, 1 of them computed before',
      'First: the dense index (30 s)',
      'About 2 min 30 s, 1.0 GB of memory, 2.0 GB of disk',
      'Of what is tuned it keeps everything: 2.0 GB (all: 2.0 GB, best: 1.0 GB; --set keepWeights=none, best or all)'
    ])
    expect(lines.slice(5, 9).map((line) => line.split(/ {2,}/))).toEqual([
      ['strategy', 'runs', 'reused', 'tuned before', 'time'],
      ['zero-shot', '1', '1', '0', '0 s'],
      ['dense', '2', '0', '0', '1 min 20 s'],
      ['dense without topic', '1', '0', '0', '40 s']
    ])
    expect(lines).toContain('One dense index serves every dense run.')
    expect(lines.find((line) => line.startsWith('Smallest difference'))).toContain('other items, other query sets')
    expect(lines.find((line) => line.startsWith('CB'))).toMatch(/280 +58 +12\.3 points +12\.0 +11\.0 +earlier runs/)
    expect(lines.at(-1)).toBe('- Mind the gap.')
  })

  test('runs of several experiments, each marked and told against the untuned model of its own', async () => {
    const source = (id: string) => ({ id, name: `Experiment ${id}`, modelId: id })
    const world = (semantic: number) =>
      makeExperiment({ 'zero-shot': { Inference: 0.3 }, random: { Inference: 0.3 }, semantic: { Inference: semantic } })
    const [first, second] = [world(0.8), world(0.9)]
    const runs = [first, second].flatMap((one, at) =>
      one.runs.map((run) => ({ ...run, runId: `${at} ${run.runId}`, source: source('ab'[at]!) }))
    )
    const text = comparisonText(compare({ ...first, runs }))
    expect(
      text
        .split('\n')
        .find((line) => line.startsWith('Inference'))!
        .match(/\*/g)
    ).toHaveLength(2)
    expect(text).toMatch(/- semantic \(Experiment b\) is better than zero-shot \(Experiment b\) on Inference by/)
    expect(text).toMatch(/- semantic \(Experiment a\) is better than random \(Experiment a\) on Inference by/)
    expect(text).not.toMatch(/- semantic \(Experiment b\) is better than random \(Experiment a\)/)
  })
})
