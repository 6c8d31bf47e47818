import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The simulator of Electron's allocator, compiled: a library for LD_PRELOAD under which one piece of 2 GiB ends a process, as
 * it ends a utility process of Electron. Null where it cannot be compiled.
 */
export function allocatorLikeElectrons(): { library: string; dispose(): void } | null {
  if (process.platform !== 'linux') return null
  const folder = mkdtempSync(join(tmpdir(), 'recross-partition-'))
  const library = join(folder, 'partition.so')
  const source = join(import.meta.dirname, '../window/partition.c')
  const { status } = spawnSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl'])
  const dispose = () => rmSync(folder, { recursive: true, force: true })
  if (status === 0) return { library, dispose }
  dispose()
  return null
}

/** Runs a piece of module code in a plain Node under it. */
export function runUnder(
  library: string,
  code: string
): { signal: string | null; status: number | null; stdout: string } {
  const { signal, status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, LD_PRELOAD: library },
    encoding: 'utf8'
  })
  return { signal, status, stdout }
}
