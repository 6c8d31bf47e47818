import { expect, test } from 'vitest'
import { placeCheckSchema } from '../../../src/main/contract/places.ts'
import { findingOf } from '../../../src/renderer/src/state/place-finding.ts'
import { settings as english } from '../../../src/renderer/src/texts/en/settings.ts'
import { settings as german } from '../../../src/renderer/src/texts/de/settings.ts'

const check = placeCheckSchema.parse({
  checkedAt: '2026-11-27T10:00:00.000Z',
  works: false,
  hello: {
    ...{ host: 'login1', platform: 'linux-x64', node: '24.0.0', cores: 64, memoryBytes: 256e9, freeBytes: 9e9 },
    ...{ gpus: [], processor: 'AMD EPYC', slurmProblem: '' },
    slurm: {
      version: '24.05',
      partitions: [
        {
          name: 'long',
          usual: true,
          state: 'up',
          nodes: 12,
          cores: 64,
          memoryMegabytes: 1,
          timeLimit: '2-00:00:00',
          gpus: null
        }
      ]
    }
  },
  steps: [
    { name: 'connection and programs', works: true, found: 'login1' },
    { name: 'Slurm', works: true, found: 'Slurm 24.05' },
    { name: 'self-test', works: true, found: 'a job', seconds: 2.1 },
    { name: 'self-test', works: false, found: 'It waits.', code: 'place-busy' },
    { name: 'self-test', works: false, found: 'Odd.', code: 'bug' },
    { name: 'self-test', works: false, found: 'Of an earlier version.' }
  ]
})

test('what a check has found is said in the words of the page, with its numbers', () => {
  expect(check.steps.map((step) => findingOf(check, step))).toEqual([
    expect.stringMatching(
      /^login1: 64 cores \(AMD EPYC\), 256 GB of memory, 9(\.0)? GB free on disk; graphics: none seen$/
    ),
    'version 24.05; long (usual): 12 nodes of 64 cores, up to 2-00:00:00',
    'a job was started, ran on a node that sees the place’s folder, and gave its result back in 2 s',
    english.places.problems['place-busy'],
    null,
    null
  ])
})

test('every problem has its words in both languages', () => {
  expect(Object.keys(german.places.problems).sort()).toEqual(Object.keys(english.places.problems).sort())
  for (const code of Object.keys(english.places.problems))
    expect(german.places.problems[code], code).not.toBe(english.places.problems[code])
})
