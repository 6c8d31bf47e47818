import { cleanup, fireEvent, screen, waitFor } from '@testing-library/svelte'
import type { Component } from 'svelte'
import { afterEach, describe, expect, test } from 'vitest'
import type { Job, Outcome, WireError } from '../../../src/main/contract/jobs.ts'
import type { Client } from '../../../src/renderer/src/api/client.ts'
import GetData from '../../../src/renderer/src/screens/data/GetData.svelte'
import BuildIndex from '../../../src/renderer/src/screens/indices/BuildIndex.svelte'
import GetModel from '../../../src/renderer/src/screens/models/GetModel.svelte'
import MinePairs from '../../../src/renderer/src/screens/reranking/MinePairs.svelte'
import TrainReranker from '../../../src/renderer/src/screens/reranking/TrainReranker.svelte'
import type { Resource } from '../../../src/renderer/src/state/resource.svelte.ts'
import type { EndState } from '../../../src/renderer/src/state/wizard-end.svelte.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient, labError, overridden } from '../client.ts'
import { theWork } from './the-work.ts'
import { renderInApp } from '../in-app.ts'

afterEach(cleanup)

const { ends } = texts.wizards

/** Every wizard that ends with a job, with a thing that the fake lab holds and the words of its ends. */
const wizards = {
  'get-data': { of: GetData, kind: 'import-dataset', what: 'dataset', id: 'ds-upstream', words: ends.data },
  'get-model': { of: GetModel, kind: 'install-model', what: 'model', id: 'm-bart0', words: ends.model },
  'build-index': { of: BuildIndex, kind: 'build-index', what: 'index', id: 'i-dense', words: ends.index },
  'mine-pairs': { of: MinePairs, kind: 'mine-pairs', what: 'mining', id: 'mining-open', words: ends.mining },
  'train-reranker': { of: TrainReranker, kind: 'train-reranker', what: 'model', id: 'm-bart0', words: ends.model },
  'train-retriever': {
    of: TrainReranker,
    kind: 'train-retriever',
    what: 'model',
    id: 'm-bart0',
    words: ends.model
  }
} as const
type Name = keyof typeof wizards

interface Case {
  state: EndState
  job: (made: Outcome) => Partial<Job> | Error
  said: (words: (typeof wizards)[Name]['words']) => string
}

/** Every way in which the work can stand or have ended. */
const cases: Record<string, Case> = {
  running: { state: 'working', job: () => ({ status: 'running' }), said: () => texts.wizards.canLeave },
  queued: { state: 'working', job: () => ({ status: 'queued' }), said: () => texts.wizards.canLeave },
  paused: { state: 'working', job: () => ({ status: 'paused' }), said: () => texts.jobs.meanings.paused },
  interrupted: {
    state: 'working',
    job: () => ({ status: 'interrupted' }),
    said: () => texts.jobs.meanings.interrupted
  },
  failed: { state: 'stopped', job: () => ({ status: 'failed', error }), said: () => error.message },
  crashed: { state: 'stopped', job: () => ({ status: 'crashed', error }), said: () => texts.jobs.meanings.crashed },
  cancelled: { state: 'stopped', job: () => ({ status: 'cancelled' }), said: () => texts.jobs.meanings.cancelled },
  made: { state: 'made', job: (outcome) => ({ status: 'finished', outcome }), said: (words) => words.made },
  'found already': {
    state: 'found',
    job: (outcome) => ({ status: 'finished', outcome: { ...outcome, already: true } }),
    said: (words) => words.found
  },
  'thing deleted since': {
    state: 'deleted',
    job: (outcome) => ({ status: 'finished', outcome: { ...outcome, id: 'long-gone' } }),
    said: (words) => words.deleted
  },
  'of an older version': {
    state: 'unknown',
    job: () => ({ status: 'finished', outcome: null }),
    said: () => ends.unknown
  },
  'job gone': { state: 'gone', job: () => labError('not-found', 'There is no job.'), said: () => ends.gone },
  'lab broken': {
    state: 'problem',
    job: () => labError('database-unreadable', 'The disk says no.'),
    said: () => 'The disk says no.'
  }
}
const error: WireError = { code: 'bad-lines', message: 'Line 7 cannot be read.', details: {}, cause: null }

describe.each(Object.keys(wizards) as Name[])('%s', (name) => {
  test.each(Object.keys(cases))('%s: says so, and offers a way on and a new start', async (ending) => {
    const { said, job } = cases[ending]!
    const { id, what, words, of, kind } = wizards[name]
    await renderWizard(name, of, withJob(kind, job({ what, id, already: false })))
    await screen.findByText(said(words), { exact: false })
    const waysOn = screen.getAllByRole('link').filter((link) => !link.getAttribute('href')?.startsWith('#/data/new'))
    const again = screen
      .getAllByRole('button')
      .filter((button) => [ends.anew, texts.wizards.made.another].includes(button.textContent?.trim() ?? ''))
    expect(waysOn.length + screen.queryAllByRole('button', { name: texts.actions.tryAgain }).length).toBeGreaterThan(0)
    expect(again).toHaveLength(1)
    await fireEvent.click(again[0]!)
    expect(await screen.findByText(texts.wizards.stepOf(1, steps[name]))).toBeTruthy()
  })

  test('what another job made meanwhile is not announced as its own', async () => {
    const { of, kind, words } = wizards[name]
    const { lab } = await renderWizard(name, of, withJob(kind, { status: 'running' }))
    await screen.findByText(texts.wizards.canLeave)
    const add = <T extends { id: string }>({ value }: Resource<T[]>): T[] => [
      ...(value ?? []),
      { ...value![0]!, id: 'of-somebody-else', name: 'Not mine' }
    ]
    lab.datasets.set(add(lab.datasets))
    lab.models.set(add(lab.models))
    lab.indices.set(add(lab.indices))
    lab.minings.set(add(lab.minings))
    expect(screen.queryByText('Not mine')).toBeNull()
    expect(screen.queryByText(words.made)).toBeNull()
  })

  test('after a failure the steps come back with what was entered, at the one to blame', async () => {
    const { of, kind } = wizards[name]
    await renderWizard(name, of, withJob(kind, { status: 'failed', error }))
    await fireEvent.click(await screen.findByRole('button', { name: texts.wizards.change }))
    expect(screen.queryByText(texts.wizards.stepOf(1, steps[name]))).toBeNull()
    expect(screen.getByText(/^Step \d of \d$/)).toBeTruthy()
  })

  test('whoever has seen the end finds empty steps the next time', async () => {
    const { of, kind, what, id, words } = wizards[name]
    const job = { status: 'finished', outcome: { what, id, already: false } } as const
    const { lab, unmount } = await renderWizard(name, of, withJob(kind, job))
    await screen.findByText(words.made)
    await waitFor(() => expect(lab.drafts.read(draftOf(name))).toContain('"seen":true'))
    unmount()
    await renderWizard(name, of, withJob(kind, job), lab.drafts.read(draftOf(name))!)
    expect(await screen.findByText(texts.wizards.stepOf(1, steps[name]))).toBeTruthy()
  })
})

test('a download is followed into the job that goes on with it', async () => {
  const outcome = { what: 'job', id: 'j-next', already: false } as const
  const client = withJob('download', { status: 'finished', outcome })
  const next = { status: 'finished', outcome: { what: 'dataset', id: 'ds-upstream', already: false } } as const
  const get = (input: { id: string }) =>
    input.id === 'j-next'
      ? client.jobs.get(input).then((job): Job => ({ ...job, ...next, id: 'j-next' }))
      : client.jobs.get(input)
  await renderWizard('get-data', GetData, overridden(client, 'jobs', { get }))
  await screen.findByText(ends.data.made)
})

/** How many steps each wizard shows while nothing is chosen. */
const steps: Record<Name, number> = {
  'get-data': 2,
  'get-model': 2,
  'build-index': 5,
  'mine-pairs': 7,
  'train-reranker': 4,
  'train-retriever': 4
}

const entered: Record<Name, object> = {
  'get-data': { source: 'file', file: '/home/ada/questions.csv', name: 'questions', format: 'recross-jsonl' },
  'get-model': { source: 'folder', folder: '/home/ada/bart0', checked: '/home/ada/bart0', name: 'bart0' },
  'build-index': { datasetId: 'ds-upstream', representation: 'dense', modelId: 'm-bart0' },
  'mine-pairs': { datasetId: 'ds-upstream', modelId: 'm-small', name: 'Mine' },
  'train-reranker': { miningIds: ['mining-open'], baseId: 'm-distil', name: 'Train' },
  'train-retriever': { what: 'retriever', miningIds: ['mining-open'], indexId: 'i-dense', name: 'Train' }
}

/** Two ways of training share one wizard. */
const draftOf = (name: Name): string => (name === 'train-retriever' ? 'train-reranker' : name)

/** A wizard whose work has begun, as it is found again. */
async function renderWizard(
  name: Name,
  of: Component<Record<string, never>>,
  client: Client,
  draft = JSON.stringify({ stepId: 'review', values: entered[name], begun: { jobId: 'j-mine', seen: false } })
) {
  await client.lab.keepDraft({ name: draftOf(name), text: draft })
  return renderInApp(of, {}, client, true)
}

function withJob(kind: Job['kind'], state: Partial<Job> | Error): Client {
  const client = fakeClient()
  const get = async (input: { id: string }): Promise<Job> => {
    if (state instanceof Error) throw state
    const { jobs } = await client.jobs.list({})
    return { ...jobs[0]!, ...theWork, kind, progress: null, ...state, id: input.id }
  }
  return overridden(client, 'jobs', { get })
}
