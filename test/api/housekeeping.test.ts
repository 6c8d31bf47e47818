import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { cleaned, newHome, openLab, untilJob } from '../hosts/fixture.ts'

const old = new Date(Date.now() - 30 * 24 * 3600_000)

test('what nothing needs is named, and deleted when asked; what a job or a record needs stays', async () => {
  const lab = await openLab({ jobs: { slots: { cpu: 0 } } })
  const { home, client } = lab
  await cleaned(lab)
  const { folder } = lab.services.store.jobs.get(
    lab.services.jobs.add('self-test', { steps: 1, milliseconds: 0 }, { title: 'Waits' }).id
  )
  const leave = (path: string) => {
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'file'), 'x'.repeat(1000))
    utimesSync(path, old, old)
    return path
  }
  const gone = [home.scratch('job-gone'), join(home.uploads, 'upload-1'), home.dataset('d-none'), home.model('m-none.partial'), home.run('r-none')] // prettier-ignore
  for (const path of [...gone, folder]) leave(path)
  const fresh = join(home.uploads, 'upload-2')
  mkdirSync(fresh)
  const dry = await client.lab.clean({ dryRun: true })
  expect(dry).toMatchObject({ deleted: false, bytes: 5000 })
  expect(dry.items.map(({ path }) => join(home.path, path)).sort()).toEqual([...gone].sort())
  expect((await client.lab.usage()).freeableBytes).toBe(5000)
  expect(gone.every((path) => existsSync(path))).toBe(true)
  expect(await client.lab.clean({ dryRun: false })).toMatchObject({ deleted: true, bytes: 5000 })
  expect([...gone, folder, fresh].map((path) => existsSync(path))).toEqual([...gone.map(() => false), true, true])
})

test('the copy that a browser handed over goes when it was imported', async () => {
  const lab = await openLab()
  const chunk = new Blob(['{"input":"a","output":"b"}\n'])
  const sent = { upload: null, name: 'notes.jsonl', offset: 0, chunk, last: true }
  const { path } = await lab.client.data.upload(sent)
  const { id } = await lab.client.data.import({ name: 'Notes', kind: 'upstream', files: [path] })
  await untilJob(lab, id, 'finished')
  expect(existsSync(path)).toBe(false)
})

test('it stays after a failed import, for another try', async () => {
  const lab = await openLab({ home: newHome() })
  const bad = { upload: null, name: 'bad.jsonl', offset: 0, chunk: new Blob(['{"input":"a"}\n']), last: true }
  const { path } = await lab.client.data.upload(bad)
  const { id } = await lab.client.data.import({ name: 'Bad', kind: 'upstream', files: [path] })
  await untilJob(lab, id, 'failed')
  // For another try, after the form was mended.
  expect(existsSync(path)).toBe(true)
})

test('a look at everything finds data whose texts have changed, and data that are gone', async () => {
  const lab = await openLab()
  const source = join(newHome(), 'data.jsonl')
  mkdirSync(dirname(source), { recursive: true })
  const ids: string[] = []
  for (const name of ['First', 'Second', 'Third']) {
    writeFileSync(source, `{"input":"a question of ${name}","output":"an answer"}\n`)
    const { id } = await lab.client.data.import({ name, kind: 'upstream', files: [source] })
    await untilJob(lab, id, 'finished')
    ids.push(lab.services.store.datasets.list().find((dataset) => dataset.name === name)!.id)
  }
  expect(await lab.client.lab.verify()).toMatchObject({ whole: 3 })
  const file = join(lab.home.dataset(ids[0]!), 'examples.db')
  const bytes = readFileSync(file)
  const at = bytes.indexOf('a question of First')
  writeFileSync(file, Buffer.concat([bytes.subarray(0, at), Buffer.from('A'), bytes.subarray(at + 1)]))
  await lab.home.remove(lab.home.dataset(ids[1]!))
  const { whole, items } = await lab.client.lab.verify()
  expect(whole).toBe(1)
  const found = items
    .filter(({ state }) => state !== 'whole')
    .map(({ name, state, advice }) => [name, state, advice !== ''])
  expect(found.sort()).toEqual([
    ['First', 'damaged', true],
    ['Second', 'missing', true]
  ])
})
