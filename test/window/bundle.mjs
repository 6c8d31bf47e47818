// Bundles a checkout's main process and worker for Electron 25 and lays out its app folder in WORKDIR.
//   node bundle.mjs [CHECKOUT] [--workdir WORKDIR]
// CHECKOUT is this one and WORKDIR is setup.sh's where they are not given.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const kit = dirname(fileURLToPath(import.meta.url))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { workdir: { type: 'string' } }
})
const checkout = resolve(positionals[0] ?? join(kit, '..', '..'))
const workdir = resolve(values.workdir ?? join(tmpdir(), 'recross-window'))
const user = 65534
const begin = Date.now()

const node = join(checkout, 'node_modules', 'node', 'bin', 'node')
const electron = join(workdir, 'electron')
const sqlite = join(workdir, 'sqlite', 'better_sqlite3.node')
if (!existsSync(node)) fail(`${checkout} has no node_modules/node: run npm ci there`)
if (!existsSync(join(electron, 'electron')) || !existsSync(sqlite)) fail(`${workdir} is not ready: run setup.sh first`)
// rolldown and the build scripts want the Node that the checkout brings along.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.exit(
    spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1
  )
}

// 1 — the screens and the preload script, as the product builds them
const built = spawnSync(node, ['scripts/build.ts'], { cwd: checkout, encoding: 'utf8' })
if (built.status !== 0) fail(`the checkout's own build:\n${built.stdout}${built.stderr}`)
say('the product is built')

// 2 — main process and worker as CommonJS: Electron 25 has no ESM entry. What the product leaves out of its bundles, or
// bundles because of its age, is decided here anew: native packages stay outside, all else is bundled.
const app = join(workdir, 'app.part')
rmSync(app, { recursive: true, force: true })
mkdirSync(join(app, 'out', 'main'), { recursive: true })
copyFileSync(join(kit, 'shim.cjs'), join(app, 'out', 'main', 'shim.cjs'))
const fromCheckout = createRequire(join(checkout, 'package.json'))
const { rolldown } = await import(pathToFileURL(fromCheckout.resolve('rolldown')).href)
const nativePackages = ['better-sqlite3', 'onnxruntime-node', 'onnxruntime-common', 'hnswlib-node', 'usearch']
const entries = { index: 'src/main/hosts/electron/index.ts', worker: 'src/main/worker/index.ts' }
for (const [name, entry] of Object.entries(entries)) {
  const bundle = await rolldown({
    cwd: checkout,
    input: join(checkout, entry),
    platform: 'node',
    external: [/^node:/, 'electron', ...nativePackages, /\.node$/],
    transform: {
      target: 'node18',
      define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename', 'import.meta.main': 'false' }
    }
  })
  await bundle.write({
    file: join(app, 'out', 'main', `${name}.js`),
    format: 'cjs',
    codeSplitting: false,
    banner: "require('./shim.cjs');"
  })
  await bundle.close()
}
say('main process and worker are bundled for Electron 25')

// 3 — the app folder: what the packaged app has, linked where the other user can read it
const manifest = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'))
delete manifest.type
writeFileSync(
  join(app, 'package.json'),
  JSON.stringify({ ...manifest, main: './out/main/index.js', scripts: {} }, null, 2)
)
const readable =
  spawnSync('setpriv', [
    `--reuid=${user}`,
    `--regid=${user}`,
    '--clear-groups',
    'test',
    '-r',
    join(checkout, 'package.json')
  ]).status === 0
bring('out/renderer')
bring('out/preload')
bring('data')
bring('native/build')
for (const name of [...nativePackages.slice(1), 'bindings', 'file-uri-to-path', 'node-gyp-build'])
  bring(`node_modules/${name}`)
const itsSqlite = join(app, 'node_modules', 'better-sqlite3')
for (const name of ['lib', 'package.json']) {
  cpSync(join(checkout, 'node_modules', 'better-sqlite3', name), join(itsSqlite, name), { recursive: true })
}
mkdirSync(join(itsSqlite, 'build', 'Release'), { recursive: true })
copyFileSync(sqlite, join(itsSqlite, 'build', 'Release', 'better_sqlite3.node'))
spawnSync('chmod', ['-R', 'go+rX', app])
rmSync(join(workdir, 'app'), { recursive: true, force: true })
renameSync(app, join(workdir, 'app'))
rmSync(join(electron, 'resources', 'app'), { recursive: true, force: true })
symlinkSync(join(workdir, 'app'), join(electron, 'resources', 'app'))
writeFileSync(join(workdir, 'bundle.json'), JSON.stringify({ checkout }))
say(
  `the app folder is laid out${readable ? '' : ', by copies: the checkout is closed to other users'}; next: drive.mjs`
)

function bring(name) {
  const from = join(checkout, name)
  if (!existsSync(from)) return
  const to = join(app, name)
  mkdirSync(dirname(to), { recursive: true })
  // What is built is copied, lest the next build change it under a running window.
  if (readable && !name.startsWith('out/')) symlinkSync(from, to)
  else cpSync(from, to, { recursive: true, dereference: true })
}

function say(text) {
  console.log(`window: ${text} (${((Date.now() - begin) / 1000).toFixed(0)} s)`)
}

function fail(text) {
  console.error(`window: FAILED: ${text}`)
  process.exit(1)
}
