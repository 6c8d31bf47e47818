import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  refuseLinkedFolder,
  removeBeside,
  removeBesideNow,
  removeInside,
  removeInsideNow,
  removeOwn
} from '../../src/main/files/remove.ts'
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
  write('home/kept/precious')
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

/** Where a link may lead: out of the home, absolutely and relatively; to another place of it; nowhere; to itself. */
const targets: Record<string, (link: string) => string> = {
  outside: () => join(folder, 'outside'),
  'outside, relatively': (link) => relative(dirname(link), join(folder, 'outside')),
  'another place of the home': () => join(home.path, 'kept'),
  nowhere: () => join(folder, 'nothing'),
  'in a circle': (link) => basename(link)
}
const places = ['datasets', 'models', 'indices', 'minings', 'runs', 'downloads', 'scratch', 'bin', 'downloads/uploads']
/** Which folder on the way to a thing of the home is the link: 0 the place itself. */
const levels = [0, 1, 2]

/** Makes the folder `level` steps below a place a link, and names what lies below it. */
function linked(place: string, level: number, target: (link: string) => string): { link: string; below: string } {
  const names = place.split('/').concat(['a', 'b', 'c'].slice(0, level))
  const link = join(home.path, ...names)
  rmSync(link, { recursive: true, force: true })
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(target(link), link)
  return { link, below: join(link, 'precious') }
}

function everything(): string[] {
  return ['outside', 'home/kept'].flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).sort()
  )
}

test.each(
  places.flatMap((place) => levels.flatMap((level) => Object.keys(targets).map((to) => [place, level, to] as const)))
)('in %s, %i folders down, a link to %s is never followed, and goes as a link', async (place, level, to) => {
  write('outside/deep/precious')
  write('home/kept/deep/precious')
  const { link, below } = linked(place, level, targets[to]!)
  const before = everything()
  const doors: Record<string, () => unknown> = {
    remove: () => home.remove(below),
    removeNow: () => home.removeNow(below),
    removeInside: () => removeInside(dirname(below), below),
    removeInsideNow: () => removeInsideNow(link, below),
    'a folder below': () => home.remove(join(link, 'deep', 'precious')),
    removeOwn: () => removeOwn(link, below),
    'removeOwn of what is below': () => removeOwn(join(link, 'deep'), join(link, 'deep')),
    removeBeside: () => removeBeside(join(link, 'pre'), '.part'),
    removeBesideNow: () => removeBesideNow(join(link, 'pre'), '.part'),
    checkMovable: () => home.checkMovable(below),
    'writing there': () => refuseLinkedFolder(link)
  }
  for (const [name, door] of Object.entries(doors))
    await expect((async () => door())(), name).rejects.toMatchObject({ code: 'outside-folder' })
  expect(everything()).toEqual(before)
  if (level === 0 && !place.includes('/')) {
    expect(() => home.create()).toThrow(expect.objectContaining({ code: 'home-place-linked' }) as Error)
    return
  }
  await home.remove(link)
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined()
  expect(everything()).toEqual(before)
})

test('a home that is itself a link is the folder that it leads to', async () => {
  symlinkSync(home.path, join(folder, 'linked'))
  const other = new HomeFolder(join(folder, 'linked'))
  other.create()
  await other.remove(other.dataset('d1'))
  expect(existsSync(home.dataset('d1'))).toBe(false)
  symlinkSync(join(folder, 'outside'), join(home.path, 'runs', 'r1'))
  for (const name of [other.run('r1'), home.run('r1')])
    await expect(other.remove(join(name, 'precious'))).rejects.toMatchObject({ code: 'outside-folder' })
})

test('a folder full of links is deleted, and nothing that they lead to', async () => {
  const run = home.run('r1')
  mkdirSync(join(run, 'deep'), { recursive: true })
  for (const [at, target] of Object.values(targets).entries()) {
    symlinkSync(target(join(run, `${at}`)), join(run, `${at}`))
    symlinkSync(target(join(run, 'deep', `${at}`)), join(run, 'deep', `${at}`))
  }
  const before = everything()
  await home.remove(run)
  expect([existsSync(run), everything()]).toEqual([false, before])
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
