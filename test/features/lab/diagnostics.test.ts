import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { fromBuffer, type Entry } from 'yauzl'
import { redacted } from '../../../src/main/features/lab/redacted.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { newHome, openLab, untilJob } from '../../hosts/fixture.ts'

/** What is the user's, each in a place of its own of the home. None may be in the zip, not even in part of another word. */
const marks = {
  homeFolder: 'ZQHOMEFOLDER',
  userFolder: 'ZQUSERFOLDER',
  text: 'ZQTEXT',
  fileName: 'ZQFILENAME',
  badFile: 'ZQBADFILE',
  dataset: 'ZQDATASET',
  target: 'ZQTARGET',
  title: 'ZQTITLE',
  place: 'ZQPLACE',
  host: 'ZQHOST',
  draft: 'ZQDRAFT',
  mirror: 'zqmirror',
  password: 'ZQPASSWORD',
  token: 'ZQTOKEN',
  repository: 'ZQREPOSITORY',
  log: 'ZQLOG',
  programs: 'ZQPROGRAMS'
} as const

/** A zip's files by name, unpacked. */
async function unpacked(zip: Buffer): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  await new Promise<void>((resolve, reject) =>
    fromBuffer(zip, { lazyEntries: true }, (error, opened) => {
      if (error !== null) return reject(error)
      opened.on('end', resolve)
      opened.on('entry', (entry: Entry) =>
        opened.openReadStream(entry, (failed, stream) => {
          if (failed !== null) return reject(failed)
          const chunks: Buffer[] = []
          stream.on('data', (chunk: Buffer) => chunks.push(chunk))
          stream.on('end', () => {
            files.set(entry.fileName, Buffer.concat(chunks).toString('utf8'))
            opened.readEntry()
          })
        })
      )
      opened.readEntry()
    })
  )
  return files
}

async function seed(lab: Lab): Promise<{ failed: string }> {
  const { client, services } = lab
  const folder = newHome()
  const file = (name: string, content: string) => (writeFileSync(join(folder, name), content), join(folder, name))
  const good = file(`${marks.fileName}.jsonl`, `{"input": "${marks.text} in?", "output": "${marks.text} out"}\n`)
  const bad = file(`${marks.badFile}.jsonl`, `{"input": "${marks.text}", "output": "a"}\n{"input": ${marks.text}\n`)
  await untilJob(
    lab,
    (await client.data.import({ name: marks.dataset, kind: 'upstream', files: [good] })).id,
    'finished'
  )
  await untilJob(lab, (await client.data.import({ name: marks.target, kind: 'target', files: [good] })).id, 'finished')
  const { id: failed } = await client.data.import({ name: marks.title, kind: 'upstream', files: [bad] })
  await untilJob(lab, failed, 'failed')
  await client.places.add({ name: marks.place, kind: 'process', ssh: `me@${marks.host}` })
  await client.lab.keepDraft({ name: 'get-data', text: JSON.stringify(marks.draft) })
  await client.lab.saveSettings({
    mirror: `http://127.0.0.1:9/${marks.mirror}`,
    proxy: `http://me:${marks.password}@127.0.0.1:9`
  })
  await client.lab.saveToken({ token: `hf_${marks.token}`, plain: true })
  services.requests.add({
    ...{ time: new Date().toISOString(), host: '127.0.0.1', path: `/${marks.repository}`, token: true, status: 200 }
  })
  mkdirSync(lab.home.inside(marks.userFolder))
  writeFileSync(lab.home.inside('logs', 'lab.1.log'), `${marks.log}\n2026-01-01T00:00:00.000Z job id=/${marks.log}\n`)
  return { failed }
}

test('diagnostics tell how the lab is, and hold nothing of what a home is full of', async () => {
  const home = join(newHome(), `my ${marks.homeFolder} folder`)
  const before = process.env['HF_TOKEN']
  delete process.env['HF_TOKEN']
  onTestFinished(() => {
    if (before !== undefined) process.env['HF_TOKEN'] = before
  })
  const found = [
    `no program at ${home}/runs/x (${marks.programs}) of hf_${marks.token}`,
    `/home/${marks.programs} b/c, ${marks.programs}`,
    `C:\\Users\\${marks.programs} x\\y`,
    `proxy http://me:${marks.password}@${marks.mirror}.example/${marks.programs}`
  ].map((text, at) => ({ name: `Host ${at}`, state: 'optional' as const, found: text, advice: text }))
  const lab = await openLab({ home, hostChecks: async () => found })
  const { failed } = await seed(lab)

  const here = [
    home,
    ...readdirSync(home, { recursive: true, withFileTypes: true }).map((entry) =>
      entry.isFile() ? readFileSync(join(entry.parentPath, entry.name)).toString('latin1') : entry.name
    ),
    JSON.stringify(found)
  ].join('\n')
  for (const mark of Object.values(marks))
    expect(here, 'the mark is in the home, and could have come along').toContain(mark)

  const zip = await lab.client.lab.diagnostics()
  const files = await unpacked(Buffer.from(zip.text, 'base64'))
  const all = [zip.fileName, ...files].flat().join('\n').toLowerCase()
  for (const mark of Object.values(marks)) expect(all).not.toContain(mark.toLowerCase())
  for (const path of [home, lab.home.path, homedir(), process.cwd()])
    if (path.length > 3) expect(all).not.toContain(path.toLowerCase())

  expect([...files.keys()].toSorted()).toEqual(
    ['README.txt', 'doctor.json', 'home.json', 'jobs.json', 'logs/lab.1.log', 'logs/lab.log', 'settings.json', 'versions.json'] // prettier-ignore
  )
  const read = (name: string): unknown => JSON.parse(files.get(name)!)
  expect(read('versions.json')).toMatchObject({ lab: lab.services.version, node: process.versions.node })
  expect(read('settings.json')).toMatchObject({ mirror: 'set', proxy: 'set', releases: 'not set', hasToken: true })
  expect(read('home.json')).toMatchObject({ things: { datasets: 2 } })
  const { code } = lab.services.jobs.get(failed).error!
  expect(read('jobs.json')).toMatchObject({
    jobs: expect.arrayContaining([
      expect.objectContaining({ id: failed, kind: 'import-dataset', status: 'failed', errorCode: code })
    ]) as unknown
  })
  expect(files.get('logs/lab.log')).toMatch(new RegExp(`id=${failed} kind=import-dataset status=failed .*code=${code}`))
  expect(JSON.stringify(read('doctor.json'))).toMatch(/GB free at <path>/)
})

test('whatever a path is made of and wherever it stands in a sentence, nothing of it is left', () => {
  const part = fc
    .string({ unit: fc.constantFrom(...`aZ9 .'"()-_,;:äß&`), maxLength: 8 })
    .map((text) => `${text}QX${text}x`)
  const roots = [
    '/',
    '/home/',
    '~/',
    './',
    '../',
    'C:\\',
    'd:/',
    '\\\\',
    '\\',
    'file:///',
    'https://',
    'postgres://u:p@h/'
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...roots),
      fc.array(part, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', 'at ', 'open "', "in '", '(', 'path=', 'Error: ', '`', '[', '<', 'x|'),
      (root, parts, lead) => {
        const web = root.includes('://') && !root.startsWith('file')
        // Addresses have no spaces.
        const names = web ? parts.map((name) => name.replaceAll(' ', '')) : parts
        const text = lead + root + names.join(root.includes('\\') ? '\\' : '/')
        expect(redacted(text, { folders: [], secrets: [] })).not.toContain('QX')
      }
    )
  )
})

test('what says nothing about the user stays', () => {
  for (const text of [
    '12.5 GFLOP/s in 3 ms',
    'Failed to load /usr/lib/x86_64-linux-gnu/libcuda.so.1: no such file',
    'Run: node native/build.mjs',
    '24.1.0 in Electron 25.0.0'
  ])
    expect(redacted(text, { folders: [], secrets: [] })).toBe(text)
  expect(redacted('is at /a b/c.txt\nsecond line', { folders: [], secrets: [] })).toBe('is at <path>\nsecond line')
  expect(redacted('s3cret and hf_abc', { folders: [], secrets: ['s3cret'] })).toBe('<hidden> and <hidden>')
})
