import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { needs } from '../needs.ts'

const leaves = join(import.meta.dirname, '../../src/main/hosts/end-process.ts')

test(
  'a reader that takes its time gets everything, and the exit code is kept',
  needs(process.platform !== 'win32', 'Windows brings no sh'),
  () => {
    const code = `
      import { endProcess } from '${leaves}'
      process.stdout.write('x'.repeat(3_000_000))
      setInterval(() => undefined, 1000)
      process.exitCode = 4
      await endProcess()`
    const script = `{ "$0" --input-type=module-typescript -e "$1"; echo " $?"; } | { sleep 0.5; cat; }`
    const said = execFileSync('sh', ['-c', script, process.execPath, code], {
      encoding: 'utf8',
      maxBuffer: 1e8
    })
    expect(said.length).toBe(3_000_000 + ' 4\n'.length)
    expect(said.endsWith(' 4\n')).toBe(true)
  }
)
