import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newHome, openLab, untilJob } from '../hosts/fixture.ts'

function rows(folder: string, name: string, what: string): string {
  const path = join(folder, name)
  const all = Array.from({ length: 12 }, (_, n) => [
    `Sum up: ${what} ${n}`,
    [`${what} ${n}`],
    `${what}|train|sum|#${n}`
  ])
  writeFileSync(path, JSON.stringify(all))
  return path
}

test('a job says what it made, or found already; two at once are not mixed up', async () => {
  const lab = await openLab()
  const { client } = lab
  const folder = newHome()
  const add = (name: string, file: string) => client.data.import({ name, kind: 'upstream', files: [file] })
  const ended = (job: { id: string }) => untilJob(lab, job.id, 'finished', 'failed')
  const [larks, owls] = [rows(folder, 'larks.json', 'lark'), rows(folder, 'owls.json', 'owl')]
  const started = await Promise.all([add('Larks', larks), add('Owls', owls)])
  const [first, second] = await Promise.all(started.map(ended))
  for (const [job, name] of [
    [first, 'Larks'],
    [second, 'Owls']
  ] as const) {
    expect(job?.outcome).toMatchObject({ what: 'dataset', already: false })
    expect(await client.data.get({ id: job!.outcome!.id })).toMatchObject({ name })
  }

  const again = await ended(await add('The same larks', larks))
  expect(again.outcome).toEqual({ what: 'dataset', id: first!.outcome!.id, already: true })
  expect(await client.data.list()).toHaveLength(2)
  // The result of a job stays what it was, also when the thing goes.
  await client.things.remove({ what: 'dataset', id: first!.outcome!.id })
  expect((await client.jobs.get({ id: again.id })).outcome).toEqual(again.outcome)
  // Brought in once more, it is there once more.
  const back = await ended(await add('Larks', larks))
  expect(back.outcome).toMatchObject({ already: false })
})

test('half-filled forms live with the home: another start of the lab finds them', async () => {
  const lab = await openLab()
  await lab.client.lab.keepDraft({ name: 'get-data', text: '{"a":1}' })
  await lab.client.lab.keepDraft({ name: 'get-model', text: '{}' })
  await lab.client.lab.keepDraft({ name: 'get-data', text: '{"a":2}' })
  await lab.client.lab.keepDraft({ name: 'get-model', text: null })
  // A form of another version of the lab may have had other fields.
  lab.services.store.drafts.keep('old', '0.0.1-other', '{}')
  await lab.close()
  const again = await openLab({ home: lab.home.path })
  expect(await again.client.lab.drafts()).toEqual([{ name: 'get-data', text: '{"a":2}' }])
})
