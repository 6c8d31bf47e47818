import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { build } from 'vite'
import { ownNode } from '../src/main/hosts/own-node.ts'
import { tarOf, type TarEntry } from '../src/main/hosts/tar.ts'

/**
 * `node scripts/pack-gpu-bench.ts [--run …]`: the graphics card's report as one archive for a Linux machine that has a driver and
 * nothing else: Node, ONNX Runtime, the bench, Vulkan's loader and the libraries that NVIDIA's driver asks for. With `--run` it is
 * unpacked elsewhere and run at once, with the arguments behind it. There: `tar xf recross-gpu-bench.tar.xz && recross-gpu-bench/run.sh`.
 */
const root = join(import.meta.dirname, '..')
const name = 'recross-gpu-bench'
const largest = 60 * 2 ** 20
const made = join(root, 'out', 'gpu-bench')
const onnx = 'node_modules/onnxruntime-node'

/** What NVIDIA's Vulkan driver and Dawn open by name, where the machine may not have it. */
const libraries = [
  'libvulkan.so.1',
  'libX11.so.6',
  'libXext.so.6',
  'libxcb.so.1',
  'libXau.so.6',
  'libXdmcp.so.6',
  'libbsd.so.0',
  'libmd.so.0'
]

const runScript = `#!/bin/sh
# A report on this machine's graphics card in a few minutes. RECROSS_BENCH_PYTHON may name a Python that has PyTorch with CUDA and
# Transformers, to be measured beside; --json prints the rows as JSON.
here=$(cd "$(dirname "$0")" && pwd)
RECROSS_GPU_LIBRARIES="$here/lib" exec "$here/node/bin/node" "$here/bench/index.js" "$@"
`

await bundle()
const archive = join(root, 'dist', `${name}.tar.xz`)
await pack(archive)
const { size } = statSync(archive)
process.stdout.write(`${archive}\n${(size / 2 ** 20).toFixed(1)} MiB\n`)
if (size > largest) {
  process.stderr.write(`The archive is larger than ${largest / 2 ** 20} MiB.\n`)
  process.exit(1)
}
const [option, ...rest] = process.argv.slice(2)
if (option === '--run') process.exit(runElsewhere(archive, rest))

async function bundle(): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: ['onnxruntime-node'] },
    build: {
      ssr: true,
      target: 'node24',
      outDir: join(made, 'bench'),
      emptyOutDir: true,
      rolldownOptions: {
        input: { index: join(root, 'bench/gpu/index.ts'), part: join(root, 'bench/gpu/part.ts') },
        // All in one folder: a part is started by the name of its file beside.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' }
      }
    }
  })
  writeFileSync(join(made, 'package.json'), '{ "type": "module" }\n')
  writeFileSync(join(made, 'run.sh'), runScript)
}

async function pack(file: string): Promise<void> {
  mkdirSync(join(root, 'dist'), { recursive: true })
  const xz = spawn('xz', ['-6', '--threads=0', '--stdout'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(xz, 'close')
  await Promise.all([pipeline(Readable.from(tarOf(entries())), xz.stdin), pipeline(xz.stdout, createWriteStream(file))])
  await ended
  if (xz.exitCode !== 0) throw new Error('xz failed; install xz-utils')
}

function entries(): TarEntry[] {
  const own = (path: string, source: string, executable = false): TarEntry => ({
    name: `${name}/${path}`,
    path: source,
    executable
  })
  const bench = filesIn(join(made, 'bench')).map((file) => own(`bench/${file}`, join(made, 'bench', file)))
  const runtime = [
    `${onnx}/dist`,
    `${onnx}/bin/napi-v6/linux/${process.arch}`,
    'node_modules/onnxruntime-common/dist/cjs'
  ]
    .flatMap((folder) => filesIn(join(root, folder)).map((file) => `${folder}/${file}`))
    .filter((file) => !/\.(map|d\.ts)$/.test(file))
  const packages = [`${onnx}/package.json`, 'node_modules/onnxruntime-common/package.json']
  return [
    own('run.sh', join(made, 'run.sh'), true),
    own('package.json', join(made, 'package.json')),
    own('node/bin/node', ownNode() ?? process.execPath, true),
    own('bench/peers/training.py', join(root, 'bench/peers/training.py')),
    ...bench,
    ...[...runtime, ...packages].map((file) => own(file, join(root, file))),
    ...found().map(({ library, path }) => own(`lib/${library}`, path))
  ]
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(folder, file)).isFile()
  )
}

/** Those of the libraries that this machine has. */
function found(): { library: string; path: string }[] {
  const places = [`/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`, '/usr/lib64', '/usr/lib']
  const all = libraries.map((library) => ({
    library,
    path: places.map((place) => join(place, library)).find((path) => existsSync(path))
  }))
  const absent = all.flatMap(({ library, path }) => (path === undefined ? [library] : []))
  if (absent.length > 0) process.stderr.write(`Not on this machine, so not packed: ${absent.join(', ')}.\n`)
  return all.flatMap(({ library, path }) => (path === undefined ? [] : [{ library, path: realpathSync(path) }]))
}

/** Unpacked where nothing of the project is near. */
function runElsewhere(file: string, options: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  try {
    if (spawnSync('tar', ['xf', file, '-C', folder], { stdio: 'inherit' }).status !== 0) return 1
    return spawnSync(join(folder, name, 'run.sh'), options, { cwd: folder, stdio: 'inherit' }).status ?? 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
