import { lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LabLog } from '../../src/main/jobs/lab-log.ts'
import { HomeFolder } from '../../src/main/store/home.ts'
import { canMakeDisks, makeSmallDisk } from '../files/small-disk.ts'
import { newHome, openLab, untilJob } from '../hosts/fixture.ts'
import { needs } from '../needs.ts'

function newFolder(): HomeFolder {
  const home = new HomeFolder(newHome())
  home.create()
  return home
}

function linesOf(home: HomeFolder, name = 'lab.log'): string[] {
  return readFileSync(join(home.logs, name), 'utf8').trimEnd().split('\n')
}

/** A line without its time. */
function said(home: HomeFolder): string[] {
  return linesOf(home).map((line) => line.replace(/^\S+ /, ''))
}

describe('the log of a lab', () => {
  test('tells its start, how jobs begin and end, with codes, and its stop, and nothing that a user wrote', async () => {
    const lab = await openLab()
    const { jobs } = lab.services
    const good = jobs.add('self-test', { steps: 2, milliseconds: 1 }, { title: 'MARK of a title' })
    await untilJob(lab, good.id, 'finished')
    const bad = jobs.add('self-test', { steps: 2, milliseconds: 1, fail: 'throw' }, { title: 'MARK of a title' })
    await untilJob(lab, bad.id, 'failed')
    jobs.retry(bad.id)
    jobs.cancel(bad.id)
    await untilJob(lab, bad.id, 'cancelled')
    await lab.close()
    const all = said(lab.home)
    expect(all[0]).toMatch(/^lab-started version=\S+ host=cli node=24\S* system=\S+ process=\d+$/)
    expect(all.at(-1)).toMatch(/^lab-stopped seconds=[\d.]+$/)
    const of = (id: string) => all.filter((line) => line.includes(`id=${id}`)).map((line) => line.split(`${id} `)[1])
    expect(of(good.id)).toEqual([
      'kind=self-test status=queued attempt=0',
      'kind=self-test status=running attempt=1',
      expect.stringMatching(/^kind=self-test status=finished attempt=1 seconds=[\d.]+$/)
    ])
    expect(of(bad.id)[2]).toMatch(/^kind=self-test status=failed attempt=1 seconds=[\d.]+ code=self-test-failed$/)
    expect(of(bad.id).at(-1)).toContain('status=cancelled')
    expect(all.join('\n')).not.toContain('MARK')
  })

  test('a start that fails says by what and where, without its message', async () => {
    const home = newHome()
    const lab = await openLab({ home })
    await lab.client.lab.saveToken({ token: 'hf_MARK', plain: true })
    await lab.close()
    const fail = () => {
      throw new TypeError('MARK in a message\n    at MARK (/home/MARK/x.ts:1:1)')
    }
    await expect(openLab({ home, tokens: { kind: 'system', get: () => null, set: fail } })).rejects.toThrow('MARK')
    const folder = new HomeFolder(home)
    expect(said(folder).at(-1)).toMatch(/^lab-failed code=TypeError at=lab-log\.test\.ts:\d+,lab\.ts:\d+/)
    expect(linesOf(folder).join('\n')).not.toContain('MARK')
  })

  test('begins a new file when one is full, and keeps two of the older ones', () => {
    const home = newFolder()
    const log = new LabLog(home, 300)
    for (let number = 0; number < 40; number++) log.add('lab-stopped', { seconds: number })
    expect(readdirSync(home.logs).toSorted()).toEqual(['lab.1.log', 'lab.2.log', 'lab.log'])
    const newest = ['lab.log', 'lab.1.log', 'lab.2.log'].map((name) => linesOf(home, name))
    const numbers = newest.toReversed().flatMap((lines) => lines.map((line) => Number(line.split('=')[1])))
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, n) => 40 - numbers.length + n))
    for (const name of readdirSync(home.logs)) {
      expect(lstatSync(join(home.logs, name)).size).toBeLessThan(300 + 60)
      if (process.platform !== 'win32') expect(lstatSync(join(home.logs, name)).mode & 0o077).toBe(0)
    }
    expect(log.files().map(({ name }) => name)).toEqual(['lab.log', 'lab.1.log', 'lab.2.log'])
  })

  test('hands out only lines of its own form', () => {
    const home = newFolder()
    const log = new LabLog(home)
    log.add('lab-stopped', { seconds: 1 })
    log.add('lab-failed', { code: 'a text with spaces', at: '/home/MARK' })
    writeFileSync(join(home.logs, 'lab.1.log'), 'MARK\n2026-01-01T00:00:00.000Z job id=/MARK\n')
    expect(log.files().map(({ text }) => text)).toEqual([
      expect.stringMatching(/^\S+ lab-stopped seconds=1\n\S+ lab-failed code=unsaid at=unsaid\n$/),
      '\n'
    ])
  })

  test('nothing is thrown where nothing can be written, and nothing is written through a link', () => {
    for (const spoil of [
      (home: HomeFolder) => rmSync(home.logs, { recursive: true }),
      (home: HomeFolder) => (rmSync(home.logs, { recursive: true }), writeFileSync(home.logs, 'a file')),
      (home: HomeFolder) => mkdirSync(join(home.logs, 'lab.log'))
    ]) {
      const home = newFolder()
      const log = new LabLog(home, 1)
      spoil(home)
      for (let time = 0; time < 3; time++) log.add('lab-stopped', { seconds: 1 })
    }
    const home = newFolder()
    const elsewhere = join(newHome(), 'elsewhere')
    writeFileSync(elsewhere, '')
    symlinkSync(elsewhere, join(home.logs, 'lab.log'))
    new LabLog(home).add('lab-stopped', { seconds: 1 })
    expect(readFileSync(elsewhere, 'utf8')).toBe('')
  })

  test('a full disk ends nothing', needs(canMakeDisks, 'small disks need root on Linux'), () => {
    const disk = makeSmallDisk(2)
    onTestFinished(() => disk.remove())
    const home = new HomeFolder(join(disk.path, 'home'))
    home.create()
    const log = new LabLog(home, 3000)
    log.add('lab-stopped', { seconds: 1 })
    disk.fill()
    for (let number = 0; number < 300; number++) log.add('lab-stopped', { seconds: number })
    disk.free()
    log.add('lab-stopped', { seconds: 1000 })
    expect(log.files()[0]!.text).toContain('seconds=1000')
  })
})
