import { statSync } from 'node:fs'
import { makeBundle } from '../src/main/hosts/make-bundle.ts'
import { buildIfStale } from './build.ts'

/** `npm run bundle-worker`: the archive that the lab puts on other machines; prints where it is. */
if (!buildIfStale()) process.exit(1)
const { file, hash } = await makeBundle()
process.stdout.write(`${file}\n${(statSync(file).size / 2 ** 20).toFixed(1)} MiB, content ${hash}\n`)
