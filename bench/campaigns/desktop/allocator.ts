import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { allocatorLikeElectrons, runUnder } from '../../../test/native/allocator.ts'
import type { DesktopPart } from './part.ts'

const root = join(import.meta.dirname, '../../..')
const graphs = [
  [700_000, 768],
  [1_000_000, 768],
  [1_500_000, 384],
  [3_000_000, 768]
] as const

/** Under the simulator of Electron's allocator: graphs of any size, and in the long form all jobs in real workers. */
export const allocator: DesktopPart = (report, { short }) => {
  const simulated = allocatorLikeElectrons()
  if (simulated === null) {
    const detail = 'no C compiler on Linux for the simulator'
    return report({ name: 'graphs under the allocator', value: 0, unit: 'graphs', aim: null, holds: null, detail })
  }
  try {
    const built = graphs.filter(([rows, dimension]) => {
      const { status } = runUnder(
        simulated.library,
        `import { neighbourLibrary } from './native/index.ts'
         const hnsw = await neighbourLibrary().createHnsw(${dimension}, ${rows}, { m: 16, efConstruction: 100, seed: 1 })
         hnsw.close()`
      )
      return status === 0
    })
    report({
      name: 'graphs that have room under Electron’s allocator',
      value: built.length,
      unit: `of ${graphs.length}`,
      aim: 'all',
      holds: built.length === graphs.length,
      detail: graphs.map(([rows, dimension]) => `${rows} × ${dimension}`).join(', ')
    })
    if (short) return
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const { status } = spawnSync(
      process.execPath,
      [vitest, 'run', '--project', 'node', '--reporter=dot', 'test/worker'],
      {
        cwd: root,
        env: { ...process.env, LD_PRELOAD: simulated.library },
        stdio: ['ignore', 2, 2]
      }
    )
    const holds = status === 0
    report({ name: 'tests of all jobs under it', value: holds ? 1 : 0, unit: 'green', aim: 'green', holds })
  } finally {
    simulated.dispose()
  }
}
