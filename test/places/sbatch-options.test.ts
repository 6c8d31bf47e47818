import { describe, expect, test } from 'vitest'
import { placeSettingsSchema } from '../../src/main/contract/places.ts'
import { letters, ownOptions, readOption, readOptions } from '../../src/main/contract/sbatch-options.ts'
import { ownEnvironment } from '../../src/main/places/agent/commands.ts'
import { Slurm } from '../../src/main/places/agent/slurm.ts'
import { slurmOptionsOf } from '../../src/main/places/slurm-options.ts'
import { newHome, openLab } from '../hosts/fixture.ts'

/** Every way to write an option that sbatch understands, of getopt's short names and abbreviations too, and as a line of a script. */
function spellings(name: string): string[] {
  const long = [`--${name}`, `--${name}=x`, `--${name} x`, `--${name}   "x y"`, `  --${name}=x  `, `--${name}=`]
  const short = Object.keys(letters)
    .filter((letter) => letters[letter] === name)
    .flatMap((letter) => [`-${letter}`, `-${letter}x`, `-${letter} x`, `-${letter}=x`])
  const cut = Array.from({ length: name.length - 2 }, (_, at) => `--${name.slice(0, at + 2)}=x`)
  return [...long, ...short, ...cut].flatMap((one) => [one, `#SBATCH ${one.trim()}`])
}

const place = (extra: string[]) => ({ name: 'campus', kind: 'slurm' as const, folder: newHome(), extra })

describe('further options of sbatch', () => {
  test('whatever the lab needs itself is refused by name, in every spelling', () => {
    let tried = 0
    for (const name of Object.keys(ownOptions))
      for (const written of spellings(name)) {
        const read = readOption(written)
        expect(typeof read, written).toBe('object')
        // An abbreviation may be one of another option that is refused.
        const { option } = read as { option: string | null }
        const bare = /^(?:#SBATCH )?--([a-z-]+)/.exec(written.trim())?.[1]
        expect(option === `--${name}` || option!.startsWith(`--${bare}`), `${written}: ${option}`).toBe(true)
        expect(() => readOptions(['--qos=long', written])).toThrow(option!)
        tried++
      }
    expect(tried).toBeGreaterThan(500)
  })

  test.each([
    ['--constraint=avx512', '--constraint=avx512'],
    ['--constraint avx512', '--constraint=avx512'],
    ['-C avx512', '--constraint=avx512'],
    ['-Cavx512', '--constraint=avx512'],
    ['#SBATCH --qos=long', '--qos=long'],
    ['--constraint="a&b -c"', '--constraint=a&b -c'],
    ['--exclusive', '--exclusive'],
    ['--gres=gpu:a100:1', '--gres=gpu:a100:1'],
    ['--reservation=day one', '--reservation=day one'],
    ['--time-min=10', '--time-min=10'],
    ['--wait-all-nodes=1', '--wait-all-nodes=1'],
    ['--x-plugin2=on', '--x-plugin2=on']
  ])('%s is taken as %s', (written, meant) => {
    expect(readOption(written)).toBe(meant)
    expect(readOption(meant.replace(/=(.* .*)$/, '="$1"'))).toBe(meant)
  })

  test.each(['qos=long', 'x', '--', '-', '---qos=x', '-9', '--qos=a\nb', '--=x', 'sbatch --qos=x'])(
    '%j is no option',
    (written) => expect(readOption(written)).toMatchObject({ why: 'form' })
  )

  test('two on a line are not taken for one with a long value', () => {
    expect(readOption('--qos=long --comment=x')).toMatchObject({ why: 'several', option: '--qos' })
    expect(readOption('-C a -p b')).toMatchObject({ why: 'several' })
  })

  test('a place is not taken in, or changed, with one of them; the others are kept as sbatch takes them', async () => {
    const lab = await openLab()
    await expect(lab.client.places.add(place(['-J mine']))).rejects.toMatchObject({
      data: { code: 'bad-slurm-option', details: { option: '--job-name' } },
      message: expect.stringContaining('by it the lab finds its own jobs') as string
    })
    expect(await lab.client.places.list()).toEqual([])
    const { id, settings } = await lab.client.places.add(place(['-C avx512', '', '--qos long']))
    expect(settings.extra).toEqual(['--constraint=avx512', '--qos=long'])
    const wrong = { ...settings, extra: ['--comm=x'] }
    await expect(lab.client.places.change({ id, settings: wrong })).rejects.toThrow('--comment cannot be set')
    expect((await lab.client.places.list())[0]!.settings.extra).toEqual(settings.extra)
  })

  test('one that an earlier version took in hands no job over, and every array bears the lab’s own comment', () => {
    const calls: string[][] = []
    const now = (program: string, args: readonly string[]) => {
      calls.push([program, ...args])
      return '7\n'
    }
    const slurm = new Slurm(newHome(), { now, soon: () => Promise.resolve(''), clock: () => 0 })
    const optionsOf = (extra: string[]) => ({
      ...slurmOptionsOf(placeSettingsSchema.parse(place(extra)), null, { memoryMegabytes: null, graphics: false }),
      extra
    })
    const folder = newHome()
    expect(() => slurm.submit([folder], 'worker', optionsOf(['--comment=mine']))).toThrow('--comment cannot be set')
    expect(calls).toEqual([])
    slurm.submit([folder], 'worker', optionsOf(['--qos=long']))
    const options = calls[0]!.filter((word) => word.startsWith('--comment') || word.startsWith('--qos'))
    expect(options).toEqual(['--qos=long', expect.stringMatching(/^--comment=recross-lab:[0-9a-f]{12}$/)])
  })
})

test('what a terminal has set for Slurm’s programs does not hide jobs from the lab', () => {
  const theirs = { SQUEUE_STATES: 'R', SQUEUE_FORMAT: '%i', SLURM_TIME_FORMAT: 'relative', SBATCH_WAIT: '1' }
  const more = { SBATCH_COMMENT: 'mine', SBATCH_JOB_NAME: 'mine', SBATCH_ARRAY_INX: '0-9', SACCT_FORMAT: 'State' }
  const kept = { PATH: '/usr/bin', SLURM_CONF: '/etc/slurm.conf', SBATCH_ACCOUNT: 'group', SBATCH_PARTITION: 'main' }
  expect(ownEnvironment({ ...theirs, ...more, ...kept })).toEqual(kept)
})
