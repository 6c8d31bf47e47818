import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { LabError } from '../contract/error.ts'
import { hnswBuilder } from '../machine/computed-on.ts'
import { moveIntoPlace } from '../files/durable.ts'
import type { Bundle } from '../places/bundle.ts'
import { ownNode } from './own-node.ts'
import { outsideArchive } from './project.ts'
import { tarOf, type TarEntry } from './tar.ts'

const agent = 'out/main/place-agent.js'
const worker = 'out/main/file-worker.js'
const onnx = 'node_modules/onnxruntime-node'

/**
 * One archive with all that a node of this system and processor needs to run jobs. It is named by the hash of what is in it, and
 * made once. Throws `no-bundle` where this computer has not what Linux machines need.
 */
export async function makeBundle(
  folder = join(tmpdir(), `recross-bundle-${process.getuid?.() ?? 0}`)
): Promise<Bundle> {
  const root = outsideArchive()
  if (process.platform !== 'linux')
    throw new LabError(
      'no-bundle',
      'Places elsewhere are Linux machines, and only a lab on Linux can make what they need. Run the lab on the login node instead: "recross-lab serve" there, and the browser here.'
    )
  if (!existsSync(join(root, worker)))
    throw new LabError('no-bundle', 'The programs for other machines are not built. Run "npm run build" once.')
  const entries = entriesOf(root)
  const hash = createHash('sha256')
  for (const { name, path, executable } of entries) hash.update(`${name}\0${executable}\0`).update(readFileSync(path))
  const digest = hash.digest('hex').slice(0, 32)
  const file = join(folder, `${digest}.tar.gz`)
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const beside = `${file}.${process.pid}`
    await pipeline(Readable.from(tarOf(entries)), createGzip({ level: 4 }), createWriteStream(beside, { mode: 0o600 }))
    await moveIntoPlace(beside, file)
  }
  return { file, hash: digest, agent, worker }
}

function entriesOf(root: string): TarEntry[] {
  const target = `${process.platform}/${process.arch}`
  const folders = [
    'out/main',
    'native/build',
    `${onnx}/dist`,
    `${onnx}/bin/napi-v6/${target}`,
    'node_modules/onnxruntime-common/dist',
    'node_modules/better-sqlite3/lib'
  ]
  const files = [
    'package.json',
    `${onnx}/package.json`,
    'node_modules/onnxruntime-common/package.json',
    'node_modules/better-sqlite3/package.json',
    `node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`
  ]
  const names = [...files, ...folders.flatMap((folder) => filesIn(root, folder))].filter((name) =>
    existsSync(join(root, name))
  )
  const entries = names.sort().map((name) => ({ name, path: join(root, name), executable: false }))
  return [{ name: 'node/bin/node', path: ownNode() ?? process.execPath, executable: true }, ...entries]
}

function filesIn(root: string, folder: string): string[] {
  const whole = join(root, folder)
  if (!existsSync(whole)) return []
  return (
    readdirSync(whole, { recursive: true, encoding: 'utf8' })
      .filter(
        (name) => statSync(join(whole, name)).isFile() && !/\.(map|d\.ts|md)$/.test(name) && !name.startsWith('esm/')
      )
      // One that is not used here is not used there either.
      .filter((name) => folder !== 'native/build' || (name === 'recross.node' && hnswBuilder() === 'addon'))
      .map((name) => `${folder}/${name}`)
  )
}
