import type { Comparison } from '../../src/main/contract/comparison.ts'
import { experimentSpecSchema } from '../../src/main/contract/experiments.ts'
import type { Run } from '../../src/main/contract/runs.ts'
import { compare } from '../../src/main/evaluation/comparison.ts'
import type { ReportData, ScoreLine } from '../../src/main/evaluation/report/report-data.ts'
import { makeExperiment } from './world.ts'

/** A report over a made-up experiment with awkward names in it; the same every time. */
export async function sampleReport(): Promise<ReportData> {
  const input = makeExperiment(
    {
      'zero-shot': {
        'Entailment <of> claims & "facts"': 0.42,
        'word_sense 50 %': 0.48,
        'Tiny riddles': 0.35,
        Arithmetic: 0.3
      },
      random: {
        'Entailment <of> claims & "facts"': 0.44,
        'word_sense 50 %': 0.42,
        'Tiny riddles': 0.36,
        Arithmetic: 0.22
      },
      semantic: {
        'Entailment <of> claims & "facts"': 0.6,
        'word_sense 50 %': 0.52,
        'Tiny riddles': 0.47,
        Arithmetic: 0.3
      },
      dense: {
        'Entailment <of> claims & "facts"': 0.57,
        'word_sense 50 %': 0.55,
        'Tiny riddles': 0.44,
        Arithmetic: 0.28
      }
    },
    { items: 90, variants: 4, rounds: 5, seed: 4 }
  )
  const comparison = compare({ ...input, name: 'Demo: what retrieval is worth' })
  const [first] = comparison.targets
  return {
    comparison,
    experiments: [
      {
        id: 'experiment-1',
        name: comparison.name,
        command: 'npm run lab -- experiment repeat experiment-1',
        spec: experimentSpecSchema.parse({
          name: comparison.name,
          models: { base: 'model-1', encoder: 'model-2' },
          datasetId: 'data-1',
          targetIds: comparison.targets.map((target) => target.id),
          strategies: comparison.columns.map((column) => column.strategy),
          rounds: 5,
          retrieval: {},
          tune: {},
          evaluation: {}
        })
      }
    ],
    names: new Map([
      ['model-1', 'demo base model'],
      ['model-2', 'demo encoder'],
      ['data-1', 'demo upstream'],
      ...comparison.targets.map((target): [string, string] => [target.id, target.name])
    ]),
    scores: comparison.points.map((point): ScoreLine => ({
      targetId: point.targetId,
      target: comparison.targets.find((target) => target.id === point.targetId)!.name,
      column: point.column,
      round: point.round,
      seed: 42 + point.round,
      metric: comparison.metric,
      value: point.score,
      examples: first!.rows,
      runId: point.runId,
      seconds: point.seconds
    })),
    runs: input.runs.map((run, at): Run => ({
      id: run.runId,
      experimentId: 'experiment-1',
      fingerprint: `f${at}`,
      strategy: run.strategy,
      round: run.round,
      ablatedGroup: null,
      variant: [],
      tuning: null,
      asked: {},
      targetIds: [...run.outputs.keys()],
      seed: 42 + run.round,
      status: 'finished',
      jobId: null,
      provider: 'cpu',
      seconds: { retrieve: 0.4, tune: 14 + at, evaluate: 9.5, total: 24 + at },
      peakBytes: 612_000_000,
      versions: { 'recross-lab': '0.1.0', 'onnxruntime-node': '1.30.0' },
      createdAt: '2026-11-23T06:00:00.000Z',
      finishedAt: '2026-11-23T06:01:00.000Z'
    })),
    identities: [
      {
        kind: 'base model',
        id: 'model-1',
        name: 'demo base model',
        hash: 'a3f1c2d4e5b60718293a4b5c6d7e8f90a3f1c2d4e5b60718293a4b5c6d7e8f90'
      },
      {
        kind: 'upstream data',
        id: 'dataset-1',
        name: 'demo upstream',
        hash: '0718293a4b5c6d7e8f90a3f1c2d4e5b60718293a4b5c6d7e8f90a3f1c2d4e5b6'
      }
    ],
    retrieval: heatMaps(comparison),
    quality: null,
    overlap: [
      { a: 'random', b: 'semantic', jaccard: 0.02 },
      { a: 'random', b: 'dense', jaccard: 0.021 },
      { a: 'semantic', b: 'dense', jaccard: 0.34 }
    ],
    examples: (['fixed', 'broken'] as const).map((kind, at) => ({
      kind,
      target: first!.name,
      column: 'semantic',
      against: 'zero-shot',
      row: {
        exampleId: 12 + at,
        input:
          'Premise: The ferry left <b>before</b> the storm & nobody was on it.\nHypothesis: Nobody drowned.\nDoes it follow? Yes, no, or maybe?',
        references: ['Yes', 'yes, it does'],
        sourceItem: 4,
        answers: {
          'zero-shot': {
            output: kind === 'fixed' ? 'Maybe' : 'Yes',
            score: kind === 'fixed' ? 0 : 100,
            runId: 'zero-shot-0'
          },
          semantic: { output: kind === 'fixed' ? 'Yes' : '', score: kind === 'fixed' ? 100 : 0, runId: 'semantic-0' }
        }
      }
    })),
    madeAt: '2026-11-23T08:00:00.000Z'
  }
}

function heatMaps(comparison: Comparison): ReportData['retrieval'] {
  const groups = [
    'closed-book QA',
    'extractive QA',
    'inference',
    'multiple choice',
    'paraphrase',
    'sentiment',
    'summarising',
    'topic'
  ]
  return comparison.columns
    .filter((column) => column.strategy !== 'zero-shot')
    .map((column, at) => ({
      column,
      heatMap: {
        rows: groups,
        targets: comparison.targets.map(({ id, name }) => ({ id, name })),
        share: groups.map((_, row) =>
          comparison.targets.map((_target, place) => (at === 0 ? 1 / 8 : (row + place) % 4 === 2 ? 0.62 : 0.054))
        )
      }
    }))
}

/** A report that holds a comparison and nothing else. */
export function reportOf(comparison: Comparison): ReportData {
  const nothing = { scores: [], runs: [], identities: [], retrieval: [], overlap: [], quality: null, examples: [] }
  return { comparison, experiments: [], names: new Map(), ...nothing, madeAt: '2026-01-01T00:00:00.000Z' }
}
