import { underFittingNode } from '../own-node.ts'

await underFittingNode(process.argv.slice(1))
// Only now: it imports native code, which an older Node cannot load.
await import('./program.ts')
