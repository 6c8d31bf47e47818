import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeInside, removeInsideNow, removeOwn } from '../../src/main/files/remove.ts'
import { HomeFolder } from '../../src/main/store/home.ts'

let folder: string
let home: HomeFolder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recross-remove-'))
  home = new HomeFolder(join(folder, 'home'))
  home.create()
  write('home/lab.db')
  write('home/datasets/d1/examples.db')
  write('outside/precious')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, 'x')
  return path
}

test.each([
  '',
  'home',
  'home/lab.db',
  'home/datasets',
  'home/datasets/..',
  'home/datasets/../../outside',
  'outside',
  'home-2'
])('nothing but what lies in the places of a home is deleted: not "%s"', async (name) => {
  write('home-2/lab.db')
  const path = `${folder}/${name}`
  await expect(home.remove(path)).rejects.toMatchObject({ code: 'outside-folder' })
  expect(() => home.removeNow(path)).toThrow(expect.objectContaining({ code: 'outside-folder' }) as Error)
  for (const kept of ['home/lab.db', 'home/datasets/d1/examples.db', 'outside/precious', 'home-2/lab.db'])
    expect(existsSync(join(folder, kept)), kept).toBe(true)
})

test('a link out of the home is deleted as a link; what it leads to stays', async () => {
  symlinkSync(join(folder, 'outside'), join(home.path, 'datasets', 'linked'))
  symlinkSync(join(folder, 'outside'), join(home.path, 'runs', 'r1'))
  await expect(home.remove(join(home.path, 'runs', 'r1', 'precious'))).rejects.toMatchObject({ code: 'outside-folder' })
  await home.remove(join(home.path, 'datasets', 'linked'))
  expect(existsSync(join(home.path, 'datasets', 'linked'))).toBe(false)
  expect(existsSync(join(folder, 'outside', 'precious'))).toBe(true)
})

test('a place of the home that lies on another disk keeps what is there, and says so', async () => {
  rmSync(join(home.path, 'models'), { recursive: true })
  symlinkSync(join(folder, 'outside'), join(home.path, 'models'))
  write('outside/m1/config.json')
  await home.remove(home.model('m1'))
  expect(existsSync(join(folder, 'outside', 'm1'))).toBe(false)
  expect(existsSync(join(folder, 'outside', 'precious'))).toBe(true)
})

test('a job deletes its folder, what is in it and what bears its name with an ending; what is not there is no error', async () => {
  const own = join(folder, 'home/models/m1')
  write('home/models/m1/config.json')
  write('home/models/m1.partial/config.json')
  write('home/models/m10/config.json')
  for (const wrong of [`${own}0`, `${own}/../m10`, `${own}.partial/../m10`])
    await expect(removeOwn(own, wrong)).rejects.toMatchObject({ code: 'outside-folder' })
  await removeOwn(own, `${own}.partial`)
  await removeInside(own, join(own, 'config.json'))
  expect([existsSync(`${own}.partial`), existsSync(join(own, 'config.json')), existsSync(own)]).toEqual([
    false,
    false,
    true
  ])
  await removeOwn(own, own)
  removeInsideNow(own, join(own, 'nothing'))
  expect([existsSync(own), existsSync(`${own}0/config.json`)]).toEqual([false, true])
})
