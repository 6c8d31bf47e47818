import { cleanup, fireEvent, screen } from '@testing-library/svelte'
import type { Component } from 'svelte'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Job, WireError } from '../../../src/main/contract/jobs.ts'
import type { Client } from '../../../src/renderer/src/api/client.ts'
import OpenZip from '../../../src/renderer/src/screens/carry/OpenZip.svelte'
import Pack from '../../../src/renderer/src/screens/carry/Pack.svelte'
import FindRate from '../../../src/renderer/src/screens/experiments/FindRate.svelte'
import AnswerFile from '../../../src/renderer/src/screens/use/AnswerFile.svelte'
import TakeOut from '../../../src/renderer/src/screens/use/TakeOut.svelte'
import { LabState } from '../../../src/renderer/src/state/lab.svelte.ts'
import { UsePage } from '../../../src/renderer/src/state/use-page.svelte.ts'
import { NewExperiment } from '../../../src/renderer/src/state/wizards/new-experiment.svelte.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient, labError, memoryDrafts, overridden } from '../client.ts'
import { theWork } from './the-work.ts'
import { rateTest as foundRates } from '../fake/rate-test.ts'
import { renderInApp } from '../in-app.ts'

/** The page that tests have lays nothing out. */
class NoLayout {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
vi.stubGlobal('ResizeObserver', NoLayout)

afterEach(() => {
  cleanup()
  location.hash = ''
})

const { rates } = texts.experiments
const { carry, use } = texts

interface Page {
  of: Component<Record<string, unknown>>
  props?: Record<string, unknown> | ((client: Client) => Promise<Record<string, unknown>>)
  kind: Job['kind']
  /** What the address names, so that a reload finds the work again. */
  address: string
  words: { failed: string; cancelled: string; gone: string; again: string }
  done: string | RegExp
}

/** Each page has props of its own. */
const anyProps = (of: unknown): Page['of'] => of as Page['of']

/** Every page that starts work and shows it in place. */
const pages: Record<string, Page> = {
  'find a learning rate': {
    of: anyProps(FindRate),
    props: async (client) => {
      const form = new NewExperiment(client, memoryDrafts())
      await form.setPreset('quick')
      form.wizard.values.rateJob = 'j-mine'
      return { form }
    },
    kind: 'find-rate',
    address: '',
    words: rates,
    done: /which brought the loss lowest|brought the loss lowest/
  },
  'answer a file': {
    of: anyProps(AnswerFile),
    props: { whom: [{ key: 'a', of: { runId: 'r' }, strategy: null, round: 0, score: null }] },
    kind: 'answer-file',
    address: '#/?answering=j-mine',
    words: { ...use.file, again: use.file.other },
    done: /questions are answered|answers/i
  },
  'pack a study': {
    of: anyProps(Pack),
    kind: 'export-study',
    address: '#/?packing=j-mine',
    words: carry.pack,
    done: carry.pack.there
  },
  'open a study': {
    of: anyProps(OpenZip),
    kind: 'import-study',
    address: '#/?opening=j-mine',
    words: carry.open,
    done: carry.open.done
  },
  'take a model out': {
    of: anyProps(TakeOut),
    props: async (client) => {
      const lab = new LabState(client, () => undefined)
      const experiments = await client.experiments.list()
      const page = new UsePage(client, lab, experiments.find(({ status }) => status === 'finished')!.id)
      await Promise.all([page.all.load(), lab.targets.load()])
      return { page }
    },
    kind: 'export-model',
    address: '#/?writing=j-mine&folder=%2Fout%2Ftuned',
    words: { ...use.export, cancelled: use.export.failed, gone: use.export.failed },
    done: use.export.done('/out/tuned')
  }
}

const error: WireError = { code: 'disk-full', message: 'The disk is full.', details: {}, cause: null }

/** Every way in which it can stand or have ended, with what must then be read. */
const cases: Record<string, { job: Partial<Job> | Error; said: (page: Page) => string | RegExp; again: boolean }> = {
  running: { job: { status: 'running' }, said: () => 'The work', again: false },
  queued: { job: { status: 'queued' }, said: () => 'The work', again: false },
  paused: { job: { status: 'paused' }, said: () => 'The work', again: false },
  interrupted: { job: { status: 'interrupted' }, said: () => 'The work', again: false },
  failed: { job: { status: 'failed', error }, said: () => error.message, again: true },
  crashed: { job: { status: 'crashed', error }, said: () => error.message, again: true },
  cancelled: { job: { status: 'cancelled' }, said: ({ words }) => words.cancelled, again: true },
  finished: { job: { status: 'finished' }, said: ({ done }) => done, again: true },
  gone: { job: labError('not-found', 'There is no job.'), said: ({ words }) => words.gone, again: true },
  'lab broken': {
    job: labError('database-unreadable', 'The disk says no.'),
    said: () => 'The disk says no.',
    again: true
  }
}

describe.each(Object.keys(pages))('%s', (name) => {
  test.each(Object.keys(cases))('%s: says so, and offers a way on', async (ending) => {
    const page = pages[name]!
    const { job, said, again } = cases[ending]!
    const client = withJob(page.kind, job)
    const { props = {} } = page
    location.hash = page.address
    await renderInApp(page.of, typeof props === 'function' ? await props(client) : props, client, true)
    await screen.findAllByText(said(page), { exact: false })
    // Compared as truths: a failure would otherwise write out the whole page.
    const saysGone = () => screen.queryByText(page.words.gone) !== null
    if (ending !== 'gone' && page.words.gone !== page.words.failed) expect(saysGone()).toBe(false)
    const buttons = screen.getAllByRole('button').filter((one) => one.textContent?.trim() === page.words.again)
    if (!again) {
      expect(screen.getAllByRole('button').length).toBeGreaterThan(0)
      return
    }
    expect(buttons.length).toBeGreaterThan(0)
    await fireEvent.click(buttons[0]!)
    expect(saysGone()).toBe(false)
    expect(location.hash).not.toContain('j-mine')
  })
})

function withJob(kind: Job['kind'], state: Partial<Job> | Error): Client {
  const client = fakeClient()
  const get = async (input: { id: string }): Promise<Job> => {
    if (state instanceof Error) throw state
    const { jobs } = await client.jobs.list({})
    const progress = { ...jobs[0]!.progress!, fraction: 0.4 }
    return { ...jobs[0]!, ...theWork, kind, progress, ...state, id: input.id }
  }
  const rateTest = async () => {
    const { jobs } = await client.jobs.list({})
    const status = state instanceof Error ? 'failed' : state.status!
    return foundRates({ ...jobs[0]!, status })
  }
  const packed = async () => ({ path: '/out/study.zip', files: 3, bytes: 1000, missing: [] })
  const imported = async () => ({ experiments: [], datasets: [], targets: [], models: ['BART0'], runs: 2, indices: 0 })
  // The fake has no such job; what it answered is that of one which it has.
  const answers = ({ format }: { format: 'csv' | 'jsonl' | 'xlsx' }) =>
    client.models.answers({ jobId: 'j-live', format })
  return overridden(overridden(overridden(client, 'jobs', { get }), 'models', { rateTest, answers }), 'studies', {
    packed,
    imported
  })
}
