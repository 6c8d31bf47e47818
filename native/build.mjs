/**
 * Builds the native addon with whatever C++ compiler there is, and never fails an installation: without a compiler, or with one
 * that does not manage, the lab runs on its plain path. Prints one line in the end; the whole story is in build/build.log.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { digestOf, packageFile as packageFileFrom } from './digest.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const source = join(here, 'src')
const output = join(here, 'build')
const target = join(output, 'recross.node')
const log = []
const running = new Set()
// On Linux the C++ library goes into the addon, so that it loads where only an older one is installed.
const standalone = ['-static-libstdc++', '-static-libgcc']

try {
  console.log(`native: ${await build()}`)
} catch (error) {
  console.log(`native: not built (${error.message}); the plain path is used`)
} finally {
  try {
    mkdirSync(output, { recursive: true })
    if (log.length > 0) writeFileSync(join(output, 'build.log'), log.join('\n'))
  } catch {
    // A folder that cannot be written to has been reported by the build already.
  }
}

async function build() {
  const includes = [
    join(dirname(packageFile('hnswlib-node')), 'src'),
    dirname(packageFile('node-addon-api')),
    join(dirname(packageFile('node-api-headers')), 'include')
  ]
  const files = readdirSync(source)
    .filter((name) => name.endsWith('.cc'))
    .sort()
  mkdirSync(output, { recursive: true })
  // The digest stands for all that goes in; a build that is up to date is left alone.
  const wanted = digestOf(here)
  const stamp = join(output, 'digest')
  const upToDate = existsSync(target) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  const theirs = join(dirname(packageFile('hnswlib-node')), 'build', 'Release', 'addon.node')
  if (upToDate && existsSync(theirs)) return 'recross.node is up to date'

  const compiler = process.platform === 'win32' ? await microsoft() : await unix()
  const other = existsSync(theirs) ? null : buildTheirs(compiler, includes, theirs)
  try {
    if (upToDate) return 'recross.node is up to date'
    const started = Date.now()
    await buildOurs(compiler, includes, files)
    writeFileSync(stamp, wanted)
    return `built recross.node with ${compiler.name} in ${((Date.now() - started) / 1000).toFixed(0)} s`
  } finally {
    await other
  }
}

async function buildOurs(compiler, includes, files) {
  const folder = join(output, `objects-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    const objects = files.map((name) => join(folder, name.replace(/\.cc$/, '.o')))
    await inParallel(files, availableParallelism(), (name, index) =>
      run(compiler.command, compiler.compile(join(source, name), objects[index], includes))
    )
    const built = join(folder, 'recross.node')
    await compiler.link(objects, built)
    // Loading it here shows a broken toolchain now and not in the middle of a job.
    await run(process.execPath, ['-e', 'require(process.argv[1])', built])
    // Until the new one lies there with its stamp, what lies there is of unknown sources.
    rmSync(join(output, 'digest'), { force: true })
    rmSync(target, { force: true })
    renameSync(built, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The addon of hnswlib-node, which the plain path searches graphs with. Its own way to build downloads headers from nodejs.org,
 * which is not everywhere; these are in a package. Our addon does not need it, so that a failure here stops nothing.
 */
async function buildTheirs(compiler, includes, theirs) {
  // Beside the place where it is looked for, so that it can be renamed.
  const folder = join(dirname(dirname(theirs)), `objects-${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true })
    mkdirSync(dirname(theirs), { recursive: true })
    const object = join(folder, 'addon.o')
    const addon = join(dirname(packageFile('hnswlib-node')), 'src', 'addon.cc')
    await run(compiler.command, compiler.compile(addon, object, includes, 'NAPI_DISABLE_CPP_EXCEPTIONS'))
    const built = join(folder, 'addon.node')
    await compiler.link([object], built)
    renameSync(built, theirs)
  } catch (error) {
    log.push(`hnswlib-node was not built: ${error.message}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The first of the usual compilers that answers. */
async function unix() {
  const command = await firstThatRuns([process.env.CXX, 'g++', 'clang++', 'c++'].filter(Boolean), ['--version'])
  if (command === null) throw new Error('no C++ compiler was found')
  const mac = process.platform === 'darwin'
  return {
    name: command,
    command,
    compile: (file, object, includes, errors = 'NAPI_CPP_EXCEPTIONS') => [
      ...['-std=c++17', '-O3', '-fPIC', '-pthread', '-fvisibility=hidden', '-DNAPI_VERSION=8', `-D${errors}`],
      ...includes.flatMap((folder) => ['-isystem', folder]),
      ...['-c', file, '-o', object]
    ],
    link: (objects, built) =>
      run(command, [
        ...(mac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-pthread', ...standalone]),
        ...objects,
        '-o',
        built
      ])
  }
}

/** clang-cl or cl, from a developer prompt; the import library is made from the definitions of node-api-headers. */
async function microsoft() {
  const command = await firstThatRuns(['clang-cl', 'cl'], ['/?'])
  if (command === null) throw new Error('no C++ compiler was found; use a Visual Studio developer prompt')
  const definitions = join(dirname(packageFile('node-api-headers')), 'def')
  return {
    name: command,
    command,
    compile: (file, object, includes, errors = 'NAPI_CPP_EXCEPTIONS') => [
      ...['/nologo', '/std:c++17', '/O2', '/EHsc', '/MD', '/DNAPI_VERSION=8', `/D${errors}`, '/DNOMINMAX'],
      ...includes.flatMap((folder) => ['/I', folder]),
      ...['/c', file, `/Fo${object}`]
    ],
    async link(objects, built) {
      const machine = process.arch === 'arm64' ? 'arm64' : 'x64'
      const libraries = []
      for (const name of ['node_api', 'js_native_api']) {
        const library = join(dirname(built), `${name}.lib`)
        await run('lib', [
          '/nologo',
          `/def:${join(definitions, `${name}.def`)}`,
          `/machine:${machine}`,
          `/out:${library}`
        ])
        libraries.push(library)
      }
      // Electron's executable has another name than node.exe: the hook in windows_hook.cc answers with whatever is running.
      await run('link', [
        '/nologo',
        '/dll',
        '/delayload:NODE.EXE',
        `/out:${built}`,
        ...objects,
        ...libraries,
        'delayimp.lib'
      ])
    }
  }
}

async function firstThatRuns(commands, args) {
  for (const command of commands) {
    try {
      await run(command, args)
      return command
    } catch {
      continue
    }
  }
  return null
}

async function inParallel(items, width, work) {
  const waiting = items.entries()
  const lane = async () => {
    for (const [index, item] of waiting) await work(item, index)
  }
  try {
    await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
  } catch (error) {
    // With one file that does not compile, the others are of no use.
    for (const child of running) child.kill()
    throw error
  }
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    let text = ''
    child.stdout.on('data', (data) => (text += data))
    child.stderr.on('data', (data) => (text += data))
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.code}`)))
    child.on('close', (code, signal) => {
      running.delete(child)
      log.push(`> ${command} ${args.join(' ')}`, text)
      if (code === 0) resolve(undefined)
      else reject(new Error(`${command} ended with ${signal ?? code}, see native/build/build.log`))
    })
  })
}

function packageFile(name) {
  return packageFileFrom(name, here)
}
