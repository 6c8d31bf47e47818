import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchElectron } from '../../../scripts/launch.ts'
import type { DesktopPart } from './part.ts'

/** What Electrons on machines of all kinds have been seen to do before a window was there. */
const failures: Readonly<Record<string, string>> = {
  'no usable sandbox': abort('FATAL:setuid_sandbox_host.cc(158) The SUID sandbox helper binary was found'),
  root: abort('Running as root without --no-sandbox is not supported.'),
  'no display': "process.stderr.write('Missing X server or $DISPLAY'); process.exit(1)",
  'a display that is gone':
    "process.stderr.write('ozone: the platform failed to initialize. Exiting.'); process.exit(1)",
  'a missing library': abort('error while loading shared libraries: libnss3.so: cannot open'),
  'an illegal instruction': "process.kill(process.pid, 'SIGILL')",
  'an abort without words': abort(''),
  'an end without words': 'process.exit(7)',
  'a window that never comes': 'setInterval(() => {}, 1000)'
}

/** `npm start` with Electrons that fail: each must end in a reason, which opens the browser host. */
export const starts: DesktopPart = async (report) => {
  const folder = mkdtempSync(join(tmpdir(), 'recross-starts-'))
  const path = join(folder, 'electron')
  const reasons: string[] = []
  try {
    for (const [name, script] of Object.entries(failures)) {
      writeFileSync(path, `#!${process.execPath}\n${script}\n`)
      chmodSync(path, 0o755)
      const launched = await launchElectron({ command: path, args: [], cwd: folder, patience: 3000 })
      if ('reason' in launched) reasons.push(`${name}: ${launched.reason}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const all = Object.keys(failures).length
  report({
    name: 'starts without a window that go on in the browser',
    value: reasons.length,
    unit: `of ${all}`,
    aim: 'all',
    holds: reasons.length === all,
    detail: reasons.join('; ')
  })
}

function abort(words: string): string {
  return `process.stderr.write(${JSON.stringify(words)}); process.kill(process.pid, 'SIGTRAP')`
}
