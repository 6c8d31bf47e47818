#!/usr/bin/env node
import { underFittingNode } from '../own-node.ts'

await underFittingNode(process.argv.slice(1))
// Only now: it imports native code, which an older Node cannot load.
const { runCommandLine } = await import('./program.ts')
await runCommandLine(process.argv)
// What is done is done; a stray handle must not keep a finished command alive.
process.exit()
