import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DesktopPart } from './part.ts'
import { sameRuns } from './same-runs.ts'

const scripts = join(import.meta.dirname, '../../../test/window')

/** The window in a real, old Electron, where test/window/setup.sh has made one ready: how soon, how large, and what it bears. */
export const realWindow: DesktopPart = async (report, { short }) => {
  const workdir = process.env['RECROSS_WINDOW'] ?? join(tmpdir(), 'recross-window')
  if (!existsSync(join(workdir, 'electron.sh'))) {
    const detail = 'no Electron is set up: test/window/setup.sh'
    return report({ name: 'the real window', value: 0, unit: 'checks', aim: null, holds: null, detail })
  }
  const run = (name: string, options: string[]) =>
    spawnSync(process.execPath, [join(scripts, name), ...options, '--workdir', workdir], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 2]
    })
  run('bundle.mjs', [])
  const { stdout } = run('drive.mjs', [join(workdir, 'shots'), ...(short ? ['--quick'] : ['--demo', '2'])])
  const figure = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? NaN)
  if (!short) await sameRuns(report, /^runs {4}(.*)$/m.exec(stdout)?.[1])
  const passed = figure(/(\d+) passed/)
  const failed = figure(/(\d+) failed/)
  report({
    name: 'checks of the real window that hold',
    value: passed,
    unit: `of ${passed + failed}`,
    aim: 'all',
    holds: failed === 0 && passed > 0,
    detail: stdout
      .split('\n')
      .filter((line) => line.startsWith('FAILED'))
      .join('; ')
  })
  const opened = figure(/the window opens .* — (\d+) ms/)
  if (Number.isFinite(opened))
    report({
      name: 'start to a usable window',
      value: opened,
      unit: 'ms',
      aim: null,
      holds: null,
      detail: 'Electron 25'
    })
  const rest = figure(/memory at rest .*?(\d+) MB/)
  if (Number.isFinite(rest))
    report({
      name: 'memory at rest, all processes',
      value: rest,
      unit: 'MB',
      aim: null,
      holds: null,
      detail: 'shared pages once'
    })
}
