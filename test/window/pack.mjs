// Packs the product around the kit's Electron, as `npm run package` does around its own, and looks at what came out: what is in
// the archive and beside it, its licences, its one prebuild of each native module, and that its command line works.
//   node pack.mjs [--workdir WORKDIR] [--targets dir,deb] [--demo] [--window]
// The product's own bundles do not start in an Electron this old. --window puts those of bundle.mjs into the archive instead, and has
// scripts/smoke-test.ts start that: the window out of an archive, with the fuses as they are shipped.
// Only the unpacked app can be made without a network: the tools of all other targets come from github.com.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    workdir: { type: 'string', default: join(tmpdir(), 'recross-window') },
    targets: { type: 'string', default: 'dir' },
    demo: { type: 'boolean', default: false },
    window: { type: 'boolean', default: false }
  }
})
const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')
const workdir = resolve(values.workdir)
const electron = join(workdir, 'electron')
if (!existsSync(join(electron, 'electron'))) fail(`${workdir} has no Electron: run setup.sh first`)
const from = createRequire(join(checkout, 'package.json'))
const wanted = JSON.parse(readFileSync(from.resolve('electron/package.json'), 'utf8')).version
const began = Date.now()

// 1 — Electron's files as the packager takes them, under the version that it expects
const dist = join(workdir, 'electron-dist')
rmSync(dist, { recursive: true, force: true })
cpSync(electron, dist, { recursive: true, filter: (path) => relative(electron, path) !== 'resources/app' })
writeFileSync(join(dist, 'version'), wanted)

// 2 — bundles, notices, app
run('electron-vite', ['build', '--logLevel', 'warn'])
command(process.execPath, ['scripts/notices.ts'])
const output = join(workdir, 'packed')
rmSync(output, { recursive: true, force: true })
const { load } = from('js-yaml')
const config = load(readFileSync(join(checkout, 'electron-builder.yml'), 'utf8'))
// This fuse came after the kit's Electron.
delete config.electronFuses.grantFileProtocolExtraPrivileges
const changed = { ...config, electronDist: dist, directories: { ...config.directories, output } }
writeFileSync(
  join(workdir, 'pack.json'),
  JSON.stringify({ ...changed, linux: { ...config.linux, target: values.targets.split(',') } })
)
run('electron-builder', ['--linux', '--x64', '--config', join(workdir, 'pack.json')])
console.log(`packed in ${Math.round((Date.now() - began) / 1000)} s`)

// 3 — what came out
const app = join(output, 'linux-unpacked')
const resources = join(app, 'resources')
const asar = from('@electron/asar')
const listed = asar.listPackage(join(resources, 'app.asar')).map((path) => path.replace(/^\//, ''))
const problems = []
const must = (holds, what) =>
  void (holds ? console.log(`ok      ${what}`) : (problems.push(what), console.log(`FAILED  ${what}`)))
const has = (pattern) => listed.filter((path) => pattern.test(path))
for (const name of ['LICENSE.txt', 'THIRD-PARTY-NOTICES.txt'])
  must(existsSync(join(resources, name)), `${name} lies beside it`)
const notices = readFileSync(join(resources, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
for (const [name, words] of Object.entries({
  'ECharts’ NOTICE': /Apache ECharts\s+Copyright/,
  'the fonts’ licence': /SIL OPEN FONT LICENSE/i,
  'hnswlib’s licence': /hnswlib/i,
  'ONNX Runtime’s third parties': /Eigen/,
  'Node.js’ licence': /OpenSSL/
}))
  must(words.test(notices), `the notices have ${name}`)
for (const name of ['LICENSE.electron.txt', 'LICENSES.chromium.html'])
  must(existsSync(join(app, name)), `Electron’s ${name} lies beside the program`)
const prebuilds = has(/better-sqlite3\/.*\.node$/)
must(prebuilds.length === 1, `one prebuild of better-sqlite3 (${prebuilds.join(', ')})`)
const runtimes = has(/onnxruntime-node\/bin\/.*\.(node|so[.\d]*|dll|dylib)$/)
must(
  runtimes.length > 0 && runtimes.every((path) => path.includes('/linux/x64/')),
  `ONNX Runtime of this system alone (${runtimes.map((path) => path.split('/').at(-1)).join(', ')})`
)
const baggage = has(/\.(map|ts|mts|cts|md|cc|cpp|h)$/)
must(baggage.length === 0, `no sources and maps of packages (${baggage.slice(0, 4).join(', ')})`)
const packages = [
  ...new Set(listed.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []))
].sort()
const native = [
  'better-sqlite3',
  'bindings',
  'file-uri-to-path',
  'hnswlib-node',
  'onnxruntime-common',
  'onnxruntime-node'
]
must(
  packages.join() === native.join(),
  `packages outside the bundles are those with native parts: ${packages.join(', ')}`
)
const unpacked = join(resources, 'app.asar.unpacked')
for (const name of [
  'native/build/recross.node',
  'out/main/cli.js',
  'out/main/worker.js',
  'out/main/file-worker.js',
  'data'
])
  must(existsSync(join(unpacked, name)), `${name} lies outside the archive`)
const symbols = spawnSync('objdump', ['-T', join(unpacked, 'native/build/recross.node')], { encoding: 'utf8' }).stdout
const glibc = [...symbols.matchAll(/GLIBC_(\d+\.\d+)/g)]
  .map(([, version]) => version)
  .sort(byVersion)
  .at(-1)
must(!/GLIBCXX/.test(symbols), `the native addon needs no C++ library of the system; glibc ${glibc} or newer`)
const node = join(resources, 'node', 'node')
const cli = join(unpacked, 'out/main/cli.js')
must(existsSync(node), 'a Node lies beside it')

// 4 — the command line that comes with it
const home = join(workdir, 'packed-home')
rmSync(home, { recursive: true, force: true })
const lab = (...words) => spawnSync(node, [cli, '--home', home, ...words], { encoding: 'utf8', cwd: tmpdir() })
const doctor = lab('--json', 'doctor')
const checks = doctor.stdout === '' ? [] : JSON.parse(doctor.stdout).checks
must(
  checks.length > 5 && checks.every(({ state }) => state !== 'failed'),
  `doctor finds nothing broken in it (${checks.length} checks)`
)
const advice = checks.flatMap(({ advice, found, name }) => [advice, found, name]).join(' ')
must(!/npm (ci|run|start)|native\/build\.mjs|install\.js/.test(advice), 'and gives no advice of a checkout')
if (values.demo) must(lab('demo').status === 0, 'the demo runs on its command line')
rmSync(home, { recursive: true, force: true })

// 5 — the window out of an archive
if (values.window) {
  const other = join(workdir, 'packed-window')
  const plain = join(workdir, 'packed-plain')
  for (const folder of [other, plain]) rmSync(folder, { recursive: true, force: true })
  cpSync(app, other, { recursive: true })
  cpSync(join(workdir, 'app'), plain, { recursive: true, dereference: true })
  const inside = join(other, 'resources')
  for (const name of ['app.asar', 'app.asar.unpacked']) rmSync(join(inside, name), { recursive: true, force: true })
  const unpackDir = '{out/main,node_modules,native,data}'
  await asar.createPackageWithOptions(plain, join(inside, 'app.asar'), { unpackDir, unpack: 'package.json' })
  // The command line is the product's own.
  cpSync(cli, join(inside, 'app.asar.unpacked', 'out', 'main', 'cli.js'))
  const smoke = [join(checkout, 'scripts', 'smoke-test.ts'), '--folder', other, '--only', 'window']
  const { status, stdout, stderr } = spawnSync('xvfb-run', ['-a', process.execPath, ...smoke], { encoding: 'utf8' })
  must(
    status === 0,
    `the window opens out of the archive: ${`${stdout}${stderr}`.trim().split('\n').slice(-3).join(' | ')}`
  )
  for (const folder of [other, plain]) rmSync(folder, { recursive: true, force: true })
}

console.log(
  `size    the app ${megabytes(app)} MB: ours ${megabytes(join(resources, 'app.asar')) + megabytes(unpacked)}, Node ${megabytes(join(resources, 'node'))}`
)
for (const name of readdirSync(output).filter((one) => /\.(AppImage|deb|tar\.gz|zip)$/.test(one)))
  console.log(`size    ${name} ${megabytes(join(output, name))} MB`)
console.log(`${problems.length === 0 ? 'whole' : `${problems.length} problems`}: ${app}`)
process.exit(problems.length === 0 ? 0 : 1)

function run(name, options) {
  command(join(checkout, 'node_modules', '.bin', name), options)
}

function command(program, options) {
  const { status, stdout, stderr } = spawnSync(program, options, { cwd: checkout, encoding: 'utf8' })
  if (status !== 0) fail(`${program} ${options.join(' ')}:\n${stdout}${stderr}`)
}

function megabytes(path) {
  return Math.round(sizeOf(path) / 1e6)
}

function sizeOf(path) {
  const info = statSync(path, { throwIfNoEntry: false })
  if (info === undefined) return 0
  if (!info.isDirectory()) return info.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}

function byVersion(a, b) {
  const [x, y] = [a, b].map((version) => Number(version.split('.')[1]))
  return x - y
}

function fail(text) {
  console.error(`pack: FAILED: ${text}`)
  process.exit(2)
}
