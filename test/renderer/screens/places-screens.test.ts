import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/svelte'
import { afterEach, expect, test } from 'vitest'
import type { Whereabouts } from '../../../src/main/contract/jobs.ts'
import { placeSettingsSchema } from '../../../src/main/contract/places.ts'
import PlaceFields from '../../../src/renderer/src/screens/experiments/PlaceFields.svelte'
import ExperimentPage from '../../../src/renderer/src/screens/experiments/ExperimentPage.svelte'
import JobProgress from '../../../src/renderer/src/parts/JobProgress.svelte'
import PlacesCard from '../../../src/renderer/src/screens/settings/PlacesCard.svelte'
import { whereaboutsOf } from '../../../src/renderer/src/state/whereabouts.ts'
import { NewExperiment } from '../../../src/renderer/src/state/wizards/new-experiment.svelte.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient, memoryDrafts } from '../client.ts'
import { jobs } from '../fake/records.ts'
import { renderInApp } from '../in-app.ts'

afterEach(cleanup)
const liveJob = jobs.find(({ id }) => id === 'j-live')!

const campus = placeSettingsSchema.parse({ name: 'campus', kind: 'slurm', ssh: 'login.campus', partition: 'main' })

const words = texts.settings.places
const type = (label: string, value: string) => fireEvent.input(screen.getByLabelText(label), { target: { value } })
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }))

test('a place is added in Settings, checked at once, shown with what was found, and removed', async () => {
  const { told } = await renderInApp(PlacesCard, {})
  await type(words.name, 'campus')
  await type(words.ssh, 'login.campus')
  await type(words.account, 'nlp')
  await type(words.extra, '--qos=long\n-C avx512')
  await press(words.add)
  const row = await waitFor(() => screen.getByRole('listitem'))
  expect(row.textContent).toContain('campus')
  expect(row.textContent).toContain('login.campus')
  expect(row.textContent).toContain(words.asks.account('nlp'))
  expect(row.textContent).toContain('-C avx512')
  expect(row.textContent).toContain(words.now.nothing)
  await waitFor(() => expect(row.textContent).toMatch(/self-test: a job was started, ran and gave its result back/))
  await press(words.of(words.remove, 'campus'))
  await waitFor(() => expect(screen.queryByRole('listitem')).toBeNull())
  expect(told).toEqual([])
})

test.each([
  [words.ssh, '-oProxyCommand=id', words.wrong.ssh],
  [words.folder, '../other', words.wrong.folder],
  [words.partition, 'a b', words.wrong.partition],
  [words.account, '--x', words.wrong.account],
  [words.extra, '--qos=long\n--comment=mine', words.refused.finds('--comment')],
  [words.extra, '-J mine', words.refused.finds('--job-name')],
  [words.extra, '--part=main', words.refused.field('--partition')],
  [words.extra, 'qos=long', words.refused.form('qos=long')]
])('%s: %j is refused beside the field, before anything is asked of the lab', async (label, value, said) => {
  await renderInApp(PlacesCard, {})
  await type(words.name, 'campus')
  await type(label, value)
  await press(words.add)
  await waitFor(() => expect(document.body.textContent).toContain(said))
  expect(screen.queryByRole('listitem')).toBeNull()
})

test('a place is changed where it stands, and says what it does now and what lies there, old programs among it', async () => {
  const { lab, told } = await renderInApp(PlacesCard, {}, fakeClient('cluster'), true)
  await waitFor(() => expect(screen.getAllByRole('listitem').length).toBe(2))
  const row = screen.getAllByRole('listitem')[0]!
  await waitFor(() =>
    expect(row.textContent).toMatch(/Now: 1 running \(node017\), \d+ waiting for .* turn, 1 being sent there/)
  )
  await press(words.of(words.change, 'campus'))
  const minutes = within(row).getByLabelText<HTMLInputElement>(words.minutes)
  expect(minutes.value).toBe('240')
  await fireEvent.input(minutes, { target: { value: '90' } })
  await fireEvent.click(within(row).getByRole('button', { name: words.save }))
  await waitFor(() => expect(lab.places.value?.[0]?.settings.minutes).toBe(90))
  await waitFor(() => expect(row.textContent).toContain(words.asks.minutes('90')))
  await fireEvent.click(within(row).getByRole('button', { name: words.contents.look }))
  await waitFor(() => expect(row.textContent).toContain(words.contents.programs('90aa01b2', true, false)))
  expect(row.textContent).toContain(words.contents.programs('4be1f7d2', true, true))
  expect(row.textContent).toContain(words.contents.programs('77cc01b2', false, false))
  await fireEvent.click(within(row).getByRole('button', { name: words.contents.clean }))
  await waitFor(() => expect(row.textContent).toContain(words.contents.freed('190 MB')))
  await fireEvent.click(within(row).getByRole('button', { name: words.contents.empty }))
  const dialog = await waitFor(() => screen.getByRole('dialog'))
  expect(dialog.textContent).toContain(words.contents.emptyTitle('campus'))
  await fireEvent.click(within(dialog).getByRole('button', { name: words.contents.empty }))
  await waitFor(() => expect(row.textContent).toContain(words.contents.freed('900 MB')))
  expect(told).toEqual([])
})

test('an experiment chooses a place for its runs and one for its indices; form and command line say the same', async () => {
  const client = fakeClient()
  const { id } = await client.places.add(campus)
  const form = new NewExperiment(client, memoryDrafts())
  await form.setPreset('quick')
  await renderInApp(PlaceFields, { form }, client)
  const words = texts.experiments.wizard.where
  const runs = await waitFor(() => screen.getByLabelText<HTMLSelectElement>(words.runs))
  expect(runs.value).toBe('')
  expect(form.command).not.toContain('place')
  await fireEvent.change(runs, { target: { value: id } })
  expect(form.spec).toMatchObject({ place: id })
  expect(form.command).toContain(`--place ${id}`)
  await fireEvent.change(screen.getByLabelText(words.indices), { target: { value: id } })
  expect(form.spec).toMatchObject({ place: id, indexPlace: id })
  expect(form.command).toContain(`--index-place ${id}`)
  expect(form.command).not.toMatch(/--set [^-]*lace=/)
  await fireEvent.change(runs, { target: { value: '' } })
  expect(form.spec.place).toBeNull()
})

test.each([
  ['ReqNodeNotAvail, UnavailableNodes:n[1-3]', texts.jobs.where.reasons['ReqNodeNotAvail']!],
  [
    'Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions',
    texts.jobs.where.reasons['Nodes']!
  ],
  ['PartitionTimeLimit', 'set a shorter one in Settings'],
  ['JobHeldUser', 'scontrol release'],
  ['AssocGrpMemLimit', 'a limit of your account'],
  ['QOSMaxCpuPerUserLimit', '(QOSMaxCpuPerUserLimit)'],
  ['SomethingOfANewerSlurm', 'SomethingOfANewerSlurm']
])('why Slurm lets a job wait: %s', (text, said) => {
  const places = [{ id: 'p', settings: campus, check: null, createdAt: '2026-11-20T10:00:00.000Z' }]
  const where = { state: 'waiting' as const, text, position: null, expected: null }
  expect(whereaboutsOf({ place: 'p', where }, places)).toContain(said)
})

test('without places nothing is asked', async () => {
  const form = new NewExperiment(fakeClient(), memoryDrafts())
  await form.setPreset('quick')
  await renderInApp(PlaceFields, { form })
  expect(screen.queryByText(texts.experiments.wizard.where.title)).toBeNull()
})

test('a job says where it is: here, on its way, waiting with its turn, on a node, at a place that is gone', () => {
  const places = [{ id: 'p', settings: campus, check: null, createdAt: '2026-11-20T10:00:00.000Z' }]
  const at = { text: null, position: null, expected: null }
  expect(whereaboutsOf({ place: null }, places)).toBeNull()
  expect(whereaboutsOf({ place: 'p', where: { ...at, state: 'sending' } }, places)).toMatch(/being sent to campus/)
  const waits = { state: 'waiting' as const, text: 'Priority', position: 4, expected: '2026-11-27 05:10:00' }
  expect(whereaboutsOf({ place: 'p', where: waits }, places)).toBe(
    'Waits at campus, number 4 of yours, others are before it, expected to start at 2026-11-27 05:10:00'
  )
  expect(whereaboutsOf({ place: 'p', where: { ...at, state: 'running', text: 'node17' } }, places)).toBe(
    'Runs at campus, on node17'
  )
  expect(whereaboutsOf({ place: 'q' }, places)).toContain('removed')
})

test.each([
  ['being sent', { state: 'sending', text: null, position: null, expected: null }, 'queued', /being sent to campus/],
  [
    'waiting',
    { state: 'waiting', text: 'Priority', position: 4, expected: null },
    'queued',
    /number 4 of yours, others/
  ],
  [
    'on a node',
    { state: 'running', text: 'node17', position: null, expected: null },
    'running',
    /Runs at campus, on node17/
  ]
] satisfies [string, Whereabouts, 'queued' | 'running', RegExp][])(
  'a job of a place that is %s reads so in the list, on its page and on that of its experiment',
  async (_, where, standing, words) => {
    const client = fakeClient()
    const { id: place } = await client.places.add(campus)
    const { lab } = await renderInApp(JobProgress, { job: { ...liveJob, place, where } }, client)
    expect(screen.queryByText(texts.jobs.statuses.queued) !== null).toBe(standing === 'queued')
    expect(screen.getByRole('progressbar').querySelector('.bg-accent') === null).toBe(standing === 'queued')
    const live = lab.jobs.get('j-live')!
    cleanup()

    const page = await renderInApp(ExperimentPage, { id: live.experimentId! }, client, true)
    page.lab.apply({ type: 'job', job: { ...live, place, where } })
    await waitFor(() => expect(screen.getByText(words, { selector: 'main *, p, span' })).toBeTruthy())
    expect(screen.queryByText(texts.experiments.page.onlyWaiting) === null).toBe(standing === 'running')
  }
)
