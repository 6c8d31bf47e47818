import type { Load } from './command-line.ts'

/** Every suite of `npm run bench`, loaded when it is asked for. */
export const suites: Record<string, readonly Load<void>[]> = {
  checkpoints: [() => import('./checkpoints.ts')],
  data: [() => import('./data.ts')],
  host: [() => import('./host.ts')],
  engine: [() => import('./engine.ts'), () => import('./inference.ts')],
  experiment: [() => import('./experiment.ts')],
  gpu: [() => import('./gpu.ts')],
  index: [() => import('./index-suite.ts')],
  lists: [() => import('./lists.ts')],
  reranker: [() => import('./reranker.ts')],
  rounded: [() => import('./rounded.ts'), () => import('./rounded-memory.ts')],
  screens: [() => import('./screens.ts')]
}
