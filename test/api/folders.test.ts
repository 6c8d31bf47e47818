import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, parse } from 'node:path'
import { expect, test } from 'vitest'
import { listFolders } from '../../src/main/features/lab/folders.ts'

/** What a browser's page picks a folder from. */
test('folders are listed by name, hidden ones last, models marked, files left out', async () => {
  const at = mkdtempSync(join(tmpdir(), 'recross-folders-'))
  for (const name of ['zoo', 'Äpfel & Birnen', '.cache', 'bart']) mkdirSync(join(at, name))
  mkdirSync(join(at, 'models--acme--x', 'snapshots'), { recursive: true })
  writeFileSync(join(at, 'bart', 'config.json'), '{}')
  writeFileSync(join(at, 'a file.txt'), '')
  symlinkSync(join(at, 'bart'), join(at, 'link'))
  symlinkSync(join(at, 'nowhere'), join(at, 'zz gone'))
  const seen = await listFolders(at)
  expect(seen).toMatchObject({ path: at, parent: dirname(at), more: false, model: false })
  expect(seen.folders.filter(({ name }) => name !== 'zz gone')).toEqual(
    ['Äpfel & Birnen', 'bart', 'link', 'models--acme--x', 'zoo', '.cache'].map((name) => ({
      name,
      path: join(at, name),
      model: ['bart', 'link', 'models--acme--x'].includes(name)
    }))
  )
  expect((await listFolders(join(at, 'bart'))).model).toBe(true)
  expect((await listFolders(join(at, 'zoo'))).folders).toEqual([])
})

test('it begins in the own folder, ends at the top, and says what cannot be opened', async () => {
  expect((await listFolders(null)).path).toBe(homedir())
  expect((await listFolders(parse(homedir()).root)).parent).toBeNull()
  await expect(listFolders(join(tmpdir(), 'there is none'))).rejects.toThrow(/There is no folder .*there is none/)
})

test('a folder of many folders says that there are more', async () => {
  const at = mkdtempSync(join(tmpdir(), 'recross-folders-'))
  for (let n = 0; n < 1001; n++) mkdirSync(join(at, `folder ${n}`))
  const seen = await listFolders(at)
  expect(seen.folders).toHaveLength(1000)
  expect(seen.more).toBe(true)
})
