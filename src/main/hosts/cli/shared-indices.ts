import { overWords } from '../../contract/embedded-over.ts'
import { Option, type Command } from 'commander'
import type { SharedIndex } from '../../contract/shared-indices.ts'
import type { RunCommand } from './command.ts'
import { table } from './table.ts'
import { wholeNumber } from './numbers.ts'

/** `index publish`, `shared`, `fetch`, `search-shared`, `unpublish`: indices that several people use, in PostgreSQL with pgvector. */
export function addSharedIndices(index: Command, run: RunCommand): void {
  const at = (command: Command) =>
    command.addOption(
      new Option(
        '--server <address>',
        'postgres://user@host:5432/database; the password comes from ~/.pgpass or PGPASSWORD'
      )
        .env('RECROSS_INDEX_SERVER')
        .makeOptionMandatory()
    )

  at(index.command('publish <index>'))
    .description(
      'write an index into a PostgreSQL database with pgvector, for others to fetch or search; goes on where it broke off'
    )
    .option(
      '--hnsw',
      'a graph of neighbours on the server as well, for many millions of rows; found only nearly',
      false
    )
    .action(
      run(async ({ client, print, follow }, indexId: string, { server, hnsw }: { server: string; hnsw: boolean }) => {
        const job = await follow(await client.indices.publish({ indexId, server, hnsw }))
        const all = await client.indices.shared({ server })
        print({ job, indices: all }, listing(all))
      })
    )

  at(index.command('shared'))
    .description('what is shared in a database')
    .action(
      run(async ({ client, print }, { server }: { server: string }) => {
        const all = await client.indices.shared({ server })
        print(all, listing(all))
      })
    )

  at(index.command('fetch <fingerprint>'))
    .description('make a shared index here: its vectors come from the server, nothing is embedded')
    .action(
      run(async ({ client, print, follow }, fingerprint: string, { server }: { server: string }) => {
        let job = await follow(await client.indices.fetchShared({ server, fingerprint }))
        while (job.outcome?.what === 'job') job = await follow(await client.jobs.get({ id: job.outcome.id }))
        print(job, job.outcome === null ? '' : `The index is here: ${job.outcome.id}.`)
      })
    )

  at(index.command('search-shared <fingerprint> <text...>'))
    .description('the rows of a shared index that are nearest to a text, found by the server')
    .option('--count <count>', 'how many', wholeNumber(1), 10)
    .option('--without-task <name...>', 'leave out these tasks', [])
    .option('--without-group <name...>', 'leave out these groups', [])
    .option('--only-group <name...>', 'only these groups', [])
    .option('--through-hnsw', "through the server's graph: sooner, and found only nearly", false)
    .action(
      run(async ({ client, print, note }, fingerprint: string, words: string[], options: SearchFlags) => {
        const { server, count, withoutTask, withoutGroup, onlyGroup, throughHnsw } = options
        const filter = { withoutTasks: withoutTask, withoutGroups: withoutGroup, onlyGroups: onlyGroup }
        const { neighbours, milliseconds } = await client.indices.searchShared({
          ...{ server, fingerprint, text: words.join(' '), count, filter, throughHnsw }
        })
        note(`Found in ${milliseconds.toFixed(1)} ms.`)
        const rows = neighbours.map((one) => [one.score.toFixed(4), String(one.exampleId), one.task, one.group])
        print(neighbours, table(['score', 'example', 'task', 'group'], rows, ['score', 'example']))
      })
    )

  at(index.command('unpublish <fingerprint>'))
    .description('take a shared index out of the database')
    .action(
      run(async ({ client, print }, fingerprint: string, { server }: { server: string }) => {
        const all = await client.indices.removeShared({ server, fingerprint })
        print(all, listing(all))
      })
    )
}

interface SearchFlags {
  server: string
  count: number
  withoutTask: string[]
  withoutGroup: string[]
  onlyGroup: string[]
  throughHnsw: boolean
}

function listing(all: readonly SharedIndex[]): string {
  if (all.length === 0) return 'No indices are shared there.'
  const rows = all.map((one) => [
    ...[
      one.fingerprint,
      one.over === 'both' ? `${one.representation}, ${overWords.both}` : one.representation,
      String(one.vectors),
      String(one.dimension)
    ],
    ...[one.rows === one.vectors ? 'whole' : `${one.rows} rows so far`, one.hnsw ? 'yes' : 'no'],
    ...[one.publishedAt, one.data, one.encoder]
  ])
  const header = [
    'fingerprint',
    'representation',
    'vectors',
    'dimension',
    'state',
    'graph',
    'published',
    'data',
    'model'
  ]
  return table(header, rows, ['vectors', 'dimension'])
}
