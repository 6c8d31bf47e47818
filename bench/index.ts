import { endProcess } from '../src/main/hosts/end-process.ts'
import { runSuites } from './command-line.ts'
import { suites } from './suites.ts'

/** `npm run bench -- <suite> [--json] [--smoke]`: every figure that the documents name, measured on this machine. */
await runSuites('bench -- <suite…> [--json] [--smoke]', suites, process.argv.slice(2), undefined)
await endProcess()
