import { release, totalmem } from 'node:os'
import { join } from 'node:path'
import { wireErrorSchema, type Job } from '../../contract/jobs.ts'
import type { SavedFile } from '../../contract/saved-file.ts'
import type { DoctorReport, Settings } from '../../contract/settings.ts'
import { ZipWriter } from '../../files/zip-writer.ts'
import { hnswBuilder, runtimeVersion } from '../../machine/computed-on.ts'
import { homePlaces } from '../../store/home.ts'
import type { Services } from '../services.ts'
import { examine } from './doctor.ts'
import { bytesUnder } from './housekeeping.ts'
import { redacted } from './redacted.ts'

/** Of the newest jobs so many are listed. */
const mostJobs = 5000

/** Settings that may hold an address, with a password in it, say only whether they are set. */
const settingsToSay: Readonly<Record<keyof Settings, 'value' | 'whether'>> = {
  provider: 'value',
  threads: 'value',
  mirror: 'whether',
  proxy: 'whether',
  releases: 'whether',
  theme: 'value',
  language: 'value',
  keepAwake: 'value',
  whenClosed: 'value',
  cleanByItself: 'value',
  keepUploadsDays: 'value',
  keepDownloadsDays: 'value',
  keepJobsDays: 'value',
  keepBackupsDays: 'value',
  offline: 'value',
  hasToken: 'value',
  tokenStore: 'value',
  welcomed: 'value'
}

/**
 * A zip for somebody who helps: versions, the doctor's report, settings, jobs by kind and end, log files. Everything in it is
 * named here one by one, so that no text, name, path, address or token of the user's comes along.
 */
export async function diagnose(services: Services): Promise<SavedFile> {
  const entries = [
    { name: 'README.txt', content: readMe },
    { name: 'versions.json', content: json(versions(services)) },
    { name: 'doctor.json', content: json(withoutTraces(services, await examine(services))) },
    { name: 'settings.json', content: json(settingsOf(services)) },
    { name: 'home.json', content: json(await homeOf(services)) },
    { name: 'jobs.json', content: json(jobsOf(services)) },
    ...services.log.files().map(({ name, text }) => ({ name: `logs/${name}`, content: text }))
  ]
  const zip = await ZipWriter.of(entries)
  return {
    fileName: 'recross-lab-diagnostics.zip',
    mediaType: 'application/zip',
    text: zip.toString('base64'),
    encoding: 'base64'
  }
}

const readMe = `What a ReCross Lab says about itself, for somebody who helps with a problem.

versions.json  the lab, the system and the libraries
doctor.json    the self-test; paths, addresses and names are taken out
settings.json  the settings; of addresses only whether they are set
home.json      how much of each kind of thing there is, in items and bytes
jobs.json      the newest jobs: kind, state, code of the error, times
logs/          starts, stops, jobs and faults, as words and numbers

No texts of data, no names of files, data, models, experiments or places, no paths, no addresses, no tokens.
`

function versions({ version, host, installation, store }: Services) {
  const { node, electron, v8 } = process.versions
  return {
    lab: version,
    host,
    installed: installation.installed,
    node,
    electron: electron ?? null,
    v8,
    system: `${process.platform}-${process.arch}`,
    release: release(),
    memoryBytes: totalmem(),
    sqlite: store.database.version,
    onnxRuntime: runtimeVersion(),
    hnswBuilder: hnswBuilder(),
    written: new Date().toISOString()
  }
}

function withoutTraces({ home, store, tokens, bundled }: Services, { checks, healthy }: DoctorReport): DoctorReport {
  const secrets = [tokens.get(), store.tokens.get(), process.env['HF_TOKEN']].filter((token) => token != null)
  const known = { folders: [home.path, bundled], secrets }
  const clean = checks.map(({ name, state, found, advice }) => ({
    ...{ name, state },
    found: redacted(found, known),
    advice: advice === null ? null : redacted(advice, known)
  }))
  return { checks: clean, healthy }
}

function settingsOf({ store, tokens }: Services): Record<string, unknown> {
  const settings: Partial<Settings> = store.settings.get()
  const said = Object.entries(settingsToSay).map(([name, how]): [string, unknown] => {
    const value: unknown = settings[name as keyof Settings] ?? null
    return [name, how === 'value' ? value : value === null ? 'not set' : 'set']
  })
  const hasToken = (tokens.get() ?? store.tokens.get()) !== null
  return { ...Object.fromEntries(said), hasToken, tokenStore: tokens.kind }
}

async function homeOf({ home, store }: Services) {
  const places = homePlaces.map(async (name) => [name, { bytes: await bytesUnder(join(home.path, name)) }])
  return {
    places: Object.fromEntries(await Promise.all(places)) as Record<string, { bytes: number }>,
    things: {
      datasets: store.datasets.list().length,
      models: store.models.list().length,
      indices: store.indices.list().length,
      experiments: store.experiments.list().length
    },
    databaseBytes: await bytesUnder(home.database)
  }
}

function jobsOf({ store }: Services) {
  const { total, jobs } = store.jobs.page({ status: [], kinds: [], experimentId: null, text: '' }, mostJobs, 0)
  return { all: total, jobs: jobs.map(jobOf) }
}

function jobOf({
  id,
  kind,
  status,
  priority,
  attempts,
  progress,
  error,
  createdAt,
  startedAt,
  finishedAt,
  ...job
}: Job) {
  return {
    ...{ id, kind, status, priority, attempts },
    dependsOn: job.dependsOn,
    ofExperiment: job.experimentId !== null,
    atPlace: job.place != null,
    fraction: progress?.fraction ?? null,
    // Of another version of the lab, perhaps: only a code that is known is no text.
    errorCode: error === null ? null : wireErrorSchema.shape.code.parse(error.code),
    ...{ createdAt, startedAt, finishedAt }
  }
}

function json(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`
}
