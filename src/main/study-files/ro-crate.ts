import { strategies } from '../contract/strategies.ts'
import type { ZippedFile } from '../files/zip-writer.ts'
import type { StudyRecords } from './study-records.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  json: 'application/json',
  jsonl: 'application/jsonl',
  yaml: 'application/yaml',
  csv: 'text/csv',
  html: 'text/html',
  db: 'application/vnd.sqlite3'
}

/** The study as an RO-Crate 1.1: what is in it, made with what, from what, for archives and catalogues. */
export function crateOf(
  records: Omit<StudyRecords, 'files'>,
  files: readonly ZippedFile[],
  lab: { name: string; version: string }
): object {
  const { experiments, datasets, models, runs, madeAt } = records
  const name = experiments.map(({ spec }) => spec.name).join(', ') || 'Data and models for a computer without a network'
  const licences = [...new Set([...datasets, ...models].map(({ licence }) => licence))].join(', ')
  const refer = (list: readonly { '@id': string }[]) => list.map((one) => ({ '@id': one['@id'] }))
  const fileEntities = files.map(({ name: id, bytes, sha256 }) => ({
    '@id': encodeURI(id),
    '@type': 'File',
    name: id.split('/').at(-1),
    contentSize: String(bytes),
    sha256,
    encodingFormat: mediaTypes[id.split('.').at(-1)!] ?? 'application/octet-stream'
  }))
  const things = [
    ...datasets.map((one) => ({ ...one, folder: 'datasets' })),
    ...models.map((one) => ({ ...one, folder: 'models' }))
  ]
  const thingEntities = things.map((one) => ({
    '@id': `${one.folder}/${one.id}/`,
    '@type': 'Dataset',
    name: one.name,
    license: one.licence,
    identifier: 'contentHash' in one ? one.contentHash : one.fingerprint,
    hasPart: refer(fileEntities.filter((file) => file['@id'].startsWith(`${one.folder}/${one.id}/`)))
  }))
  const software = {
    '@id': '#lab',
    '@type': 'SoftwareApplication',
    name: lab.name,
    version: lab.version,
    softwareRequirements: [
      ...new Set(runs.flatMap(({ versions }) => Object.entries(versions).map((pair) => pair.join(' '))))
    ]
  }
  const actions = experiments.map((one) => ({
    '@id': `#${one.id}`,
    '@type': 'CreateAction',
    name: one.spec.name,
    description: `Strategies: ${one.spec.strategies.map((key) => strategies[key].label).join(', ')}. ${one.spec.rounds} rounds, seed ${one.spec.seed}.`,
    startTime: one.createdAt,
    ...(one.finishedAt === null ? {} : { endTime: one.finishedAt }),
    instrument: { '@id': '#lab' },
    object: refer(thingEntities),
    result: refer(fileEntities.filter((file) => file['@id'].startsWith(`results/${one.id}/`)))
  }))
  return {
    '@context': 'https://w3id.org/ro/crate/1.1/context',
    '@graph': [
      {
        '@id': 'ro-crate-metadata.json',
        '@type': 'CreativeWork',
        conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' },
        about: { '@id': './' }
      },
      {
        '@id': './',
        '@type': 'Dataset',
        name,
        description: 'A study of retrieval-augmented fine-tuning: settings, answers, retrieved sets, scores and tests.',
        datePublished: madeAt,
        license: licences === '' ? 'See the licences of the data and models that were used.' : licences,
        hasPart: refer([...fileEntities, ...thingEntities]),
        mentions: refer(actions)
      },
      software,
      ...actions,
      ...thingEntities,
      ...fileEntities
    ]
  }
}
