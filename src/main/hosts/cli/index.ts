#!/usr/bin/env node
import { underFittingNode } from '../own-node.ts'

await underFittingNode(process.argv.slice(1))
// Only now: it imports native code, which an older Node cannot load.
const { runCommandLine } = await import('./program.ts')
await runCommandLine(process.argv)
const { endProcess } = await import('../end-process.ts')
await endProcess()
