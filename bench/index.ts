import { runSuites, type Load } from './command-line.ts'

/** `npm run bench -- <suite> [--json]`: every figure that the documents name, measured on this machine. */
const suites: Record<string, readonly Load<void>[]> = {
  checkpoints: [() => import('./checkpoints.ts')],
  data: [() => import('./data.ts')],
  host: [() => import('./host.ts')],
  engine: [() => import('./engine.ts'), () => import('./inference.ts')],
  experiment: [() => import('./experiment.ts')],
  index: [() => import('./index-suite.ts')],
  reranker: [() => import('./reranker.ts')],
  screens: [() => import('./screens.ts')]
}

await runSuites('bench -- <suite…> [--json]', suites, process.argv.slice(2), undefined)
process.exit()
