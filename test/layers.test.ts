import { readFileSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chance, strategyNames, untuned } from '../src/main/contract/strategies.ts'

/** Which folders a folder may import from, itself aside. The reasons are in ARCHITECTURE.md, section "Invariants". */
const mayImport: Record<string, readonly string[]> = {
  contract: [],
  machine: ['native', 'contract'],
  random: [],
  sums: [],
  naming: ['contract'],
  costs: ['sums', 'contract'],
  fingerprints: ['contract'],
  files: ['contract'],
  graph: ['contract'],
  'run-files': ['files', 'contract'],
  results: ['sums', 'run-files', 'evaluation', 'contract'],
  'study-files': ['results', 'run-files', 'data', 'files', 'contract'],
  gradient: ['graph', 'contract'],
  models: ['graph', 'files', 'contract'],
  engine: ['random', 'graph', 'gradient', 'models', 'native', 'machine', 'files', 'contract'],
  data: ['random', 'naming', 'files', 'contract'],
  retrieval: ['random', 'costs', 'fingerprints', 'engine', 'data', 'native', 'files', 'contract'],
  evaluation: ['random', 'sums', 'contract'],
  worker: [
    'contract',
    'machine',
    'files',
    'graph',
    'gradient',
    'models',
    'engine',
    'data',
    'retrieval',
    'evaluation',
    'random',
    'sums',
    'costs',
    'run-files',
    'results',
    'study-files',
    'native'
  ],
  store: ['run-files', 'files', 'contract'],
  jobs: ['store', 'costs', 'machine', 'files', 'contract'],
  places: ['jobs', 'store', 'files', 'machine', 'contract'],
  features: [
    'sums',
    'places',
    'jobs',
    'store',
    'run-files',
    'results',
    'study-files',
    'costs',
    'naming',
    'fingerprints',
    'data',
    'evaluation',
    'machine',
    'files',
    'contract'
  ],
  api: ['features', 'contract'],
  hosts: ['api', 'naming', 'features', 'places', 'jobs', 'store', 'machine', 'files', 'contract'],
  preload: ['contract'],
  renderer: ['contract'],
  native: ['contract']
}

/** Packages that only some folders may know. */
const packageHomes: Record<string, readonly string[]> = {
  electron: ['hosts', 'preload'],
  'better-sqlite3': ['store', 'data'],
  'onnxruntime-node': ['engine', 'worker'],
  kysely: ['store'],
  ws: ['hosts'],
  commander: ['hosts'],
  pg: ['retrieval'],
  svelte: ['renderer']
}

const root = resolve(import.meta.dirname, '..')
const advice = 'See ARCHITECTURE.md, "Invariants".'

interface Import {
  file: string
  specifier: string
  typeOnly: boolean
}

const sources = [...files(join(root, 'src')), ...files(join(root, 'native'))].filter((path) =>
  /\.(ts|svelte)$/.test(path)
)
const imports: Import[] = sources.flatMap((path) => importsOf(path))

describe('imports', () => {
  test.each(Object.keys(mayImport))('of %s go only where they may', (layer) => {
    const allowed = [layer, ...mayImport[layer]!]
    const wrong = imports
      .filter(({ file }) => layerOf(file) === layer)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ file, specifier }) => ({ file, to: relative(root, resolve(root, dirname(file), specifier)) }))
      .filter(({ to }) => !allowed.includes(layerOf(to) ?? 'nowhere'))
      // A page of the documents is taken into the window as text.
      .filter(({ to }) => layer !== 'renderer' || !/^docs\/[\w-]+\.md\?raw$/.test(to))
      .map(({ file, to }) => `${file} imports ${to}`)
    expect(wrong, advice).toEqual([])
  })

  test.each(Object.keys(packageHomes))('of the package %s are only where it belongs', (name) => {
    const wrong = imports
      .filter(({ specifier }) => specifier === name || specifier.startsWith(`${name}/`))
      .filter(({ typeOnly }) => !(typeOnly && name === 'svelte'))
      .filter(({ file }) => !packageHomes[name]!.includes(layerOf(file) ?? 'nowhere'))
      .map(({ file }) => file)
    expect(wrong, advice).toEqual([])
  })

  test('of the renderer and the contract know nothing of Node', () => {
    const node = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)])
    const wrong = imports
      .filter(({ file }) => ['renderer', 'contract'].includes(layerOf(file) ?? ''))
      .filter(({ specifier }) => node.has(specifier))
      .map(({ file, specifier }) => `${file} imports ${specifier}`)
    expect(wrong, advice).toEqual([])
  })

  test('of Electron by value are in the entry and the preload script alone', () => {
    const values = imports.filter(({ specifier, typeOnly }) => specifier === 'electron' && !typeOnly)
    expect(values.map(({ file }) => file).sort(), advice).toEqual([
      'src/main/hosts/electron/index.ts',
      'src/preload/index.ts'
    ])
  })

  test('of what deletes and what renames are in the doors for that alone', () => {
    const doors: Record<string, RegExp> = {
      'src/main/files/remove.ts': /^(rm|rmdir|unlink)(Sync)?$/,
      'src/main/files/durable.ts': /^rename(Sync)?$/
    }
    // A model is taken out of the downloads in one move, where both lie on one disk.
    const excused = [
      'src/main/worker/install-model.ts: rename',
      // Its thread's program is text, and writes to the output only.
      'src/main/worker/heartbeat.ts: *'
    ]
    const guarded = /^(rm|rmdir|unlink|rename)(Sync)?$/
    const wrong = sources
      .map((path) => ({ file: relative(root, path), text: readFileSync(path, 'utf8') }))
      .filter(({ file }) => !file.startsWith('src/renderer'))
      .flatMap(({ file, text }) =>
        namesFromFs(text)
          .filter((name) => (name === '*' || guarded.test(name)) && doors[file]?.test(name) !== true)
          .map((name) => `${file}: ${name}`)
      )
    expect(
      wrong.filter((one) => !excused.includes(one)),
      advice
    ).toEqual([])
  })

  test('never lead in a circle between files, types included', () => {
    expect(circles(imports), 'Move what both need into a file of its own.').toEqual([])
  })

  test('never lead in a circle between folders', () => {
    for (const [layer, targets] of Object.entries(mayImport)) {
      for (const target of targets) expect(reaches(target, layer), `${layer} and ${target}. ${advice}`).toBe(false)
    }
  })
})

/** Where a strategy may be named: its row, the files of the stages, presets, words for people. */
const strategyHomes = [
  'src/main/contract/strategies.ts',
  'src/main/contract/demo-name.ts',
  'src/main/retrieval/candidates/',
  'src/main/retrieval/rescore/',
  'src/main/features/experiments/presets.ts',
  'src/renderer/src/texts/',
  // The bridge to the window has the product's name, which is that of a strategy too.
  'src/preload/index.ts'
]

describe('strategies', () => {
  /** Literals, and properties of CSS that carry a name. */
  const named = (names: readonly string[]) => new RegExp(`['"\`](${names.join('|')})['"\`]|--s-(${names.join('|')})\\b`)
  const places = (pattern: RegExp) =>
    files(join(root, 'src'))
      .filter((path) => /\.(ts|svelte|css)$/.test(path))
      .flatMap((path) =>
        readFileSync(path, 'utf8')
          .split('\n')
          .flatMap((line, at) => (pattern.test(line) ? [{ file: relative(root, path), line: at + 1 }] : []))
      )

  test('are named by their row, their stages, presets and texts alone; evaluation knows the two baselines', () => {
    const baselines: readonly string[] = [untuned, chance]
    const others = strategyNames.filter((name) => !baselines.includes(name))
    const outside = (file: string) => !strategyHomes.some((home) => file.startsWith(home))
    const wrong = [
      ...places(named(others)).filter(({ file }) => outside(file)),
      ...places(named(baselines)).filter(({ file }) => outside(file) && !file.startsWith('src/main/evaluation/'))
    ]
    expect(
      wrong.map(({ file, line }) => `${file}:${line}`),
      'Derive it from the table in contract/strategies.ts.'
    ).toEqual([])
  })

  test('the check sees them', () => {
    expect(places(named(strategyNames)).length).toBeGreaterThan(20)
    expect(named(['dense']).test("strategy === 'dense'")).toBe(true)
    expect(named(['dense']).test('var(--s-dense)')).toBe(true)
    expect(named(['dense']).test('const dense = 1')).toBe(false)
  })
})

describe('api/', () => {
  const routes = sources
    .map((path) => ({ file: relative(root, path), text: readFileSync(path, 'utf8') }))
    .filter(({ file }) => layerOf(file) === 'api')
  /** Statements in a handler: a route that decides something. */
  const block = /\.handler\([^\n]*=>\s*\{|\.handler\(\s*(async\s+)?function/

  test('says one expression for a route: what is more than a call belongs to its feature', () => {
    expect(routes.flatMap(({ file, text }) => (block.test(text) ? [file] : []))).toEqual([])
  })

  test('has one function a file, and takes in no results of jobs', () => {
    const more = routes
      .filter(({ file }) => file !== 'src/main/api/base.ts')
      .filter(({ text }) => text.split(/\bfunction\b/).length > 2 || /\bon(Finished|Stopped)\(|\bLabError\b/.test(text))
    expect(more.map(({ file }) => file)).toEqual([])
  })

  test('the checks see routes and statements', () => {
    expect(routes.length).toBeGreaterThan(10)
    expect(block.test('get: os.a.b.handler(({ input }) => store.get(input.id))')).toBe(false)
    expect(block.test('get: os.a.b.handler(async ({ input: { id } }) => {\n')).toBe(true)
  })
})

test('what is called a graph is one of ONNX: the graph of neighbours is called HNSW', () => {
  const neighbours =
    /\b(?:NeighbourGraph|graphBuilder|(?:manifest|check|there|entry|built)\??\.graph)\b|^\s*graph\??: z\b|\bgraph: (?:boolean|Hnsw)/m
  const folders = ['retrieval', 'costs', 'fingerprints', 'contract', 'features', 'native', 'api', 'hosts', 'places']
  const named = sources
    .map((path) => ({ file: relative(root, path), text: readFileSync(path, 'utf8') }))
    .filter(({ file, text }) => folders.includes(layerOf(file) ?? '') && neighbours.test(text))
  expect(named.map(({ file }) => file)).toEqual([])
  expect(neighbours.test('  graph: z\n') && neighbours.test('manifest.graph.ef')).toBe(true)
})

test('chance comes from a seed: no generator but those of random/ (what a button of a screen shows next is no result)', () => {
  const generators = /Math\.random\(|6364136223846793005|1664525|\bxoshiro|\bmulberry|\bsplit ?mix/i
  const found = sources
    .map((path) => ({ file: relative(root, path), text: readFileSync(path, 'utf8') }))
    .filter(({ file, text }) => !['random', 'renderer'].includes(layerOf(file) ?? '') && generators.test(text))
  expect(found.map(({ file }) => file)).toEqual([])
  expect(sources.some((path) => path.includes('/random/') && generators.test(readFileSync(path, 'utf8')))).toBe(true)
})

describe('architectures', () => {
  const folder = 'src/main/models/architectures'
  const within = (file: string, specifier: string) => relative(root, resolve(root, dirname(file), specifier))

  test('do not import each other: what several share lies in blocks/, which knows none of them', () => {
    const wrong = imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .filter(({ file }) => dirname(file) === folder || dirname(file) === 'src/main/models/blocks')
      .filter(({ file }) => file !== `${folder}/index.ts`)
      .filter(({ file, specifier }) => within(file, specifier).startsWith(`${folder}/`))
    expect(wrong.map(({ file, specifier }) => `${file} imports ${specifier}`)).toEqual([])
  })

  test('are all in the index, which the check sees', () => {
    const named = imports
      .filter(({ file }) => file === `${folder}/index.ts`)
      .map((one) => within(one.file, one.specifier))
    const there = readdirSync(join(root, folder)).filter((name) => name !== 'index.ts')
    expect(named.filter((path) => path.startsWith(`${folder}/`)).sort()).toEqual(
      there.map((name) => `${folder}/${name}`).sort()
    )
  })
})

test('files of a run are named where their forms are', () => {
  const names = /['"`/](run|tuned|retrieved|clock|provider)\.json['"`]|predictions-\$/
  const named = sources
    .map((path) => ({ file: relative(root, path), text: readFileSync(path, 'utf8') }))
    .filter(({ text }) => names.test(text))
    .map(({ file }) => file)
  // A step of the database's history knows the files of its own time.
  expect(named.sort(), advice).toEqual([
    'src/main/run-files/files.ts',
    'src/main/store/migrations/0004-portable-paths.ts'
  ])
})

test('between two awaits nobody else changes the store: none of its files awaits but the one that opens the home', () => {
  const stores = sources.filter((path) => layerOf(relative(root, path)) === 'store')
  const waiting = stores.filter((path) =>
    /\b(async|await)\b/.test(readFileSync(path, 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, ''))
  )
  expect(waiting.map((path) => relative(root, path))).toEqual(['src/main/store/home.ts'])
})

test('every folder of src/main has its row here', () => {
  const folders = readdirSync(join(root, 'src', 'main'), { withFileTypes: true })
  const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  expect(names.filter((name) => !(name in mayImport))).toEqual([])
  expect(folders.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([])
})

test('the check sees circles', () => {
  const line = (file: string, specifier: string): Import => ({ file, specifier, typeOnly: true })
  const chain = [line('src/a.ts', './b.ts'), line('src/b.ts', './c/d.ts'), line('src/c/d.ts', './e.ts')]
  expect(circles(chain)).toEqual([])
  expect(circles([...chain, line('src/c/d.ts', '../a.ts')])).toEqual(['src/a.ts → src/b.ts → src/c/d.ts → src/a.ts'])
})

test('the check sees imports at all', () => {
  expect(imports.length).toBeGreaterThan(500)
  expect(imports.some(({ file, specifier }) => file.endsWith('jobs/jobs.ts') && specifier.endsWith('home.ts'))).toBe(
    true
  )
})

/** What a file takes from the file system's modules; `*` where it takes all, so that nobody sees what it uses. */
function namesFromFs(text: string): string[] {
  const module = String.raw`'(?:node:)?fs(?:/promises)?'`
  const listed = [...text.matchAll(new RegExp(String.raw`import\s+(type\s+)?\{([^}]*)\}\s+from\s+${module}`, 'g'))]
  const names = listed
    .filter(([, type]) => type === undefined)
    .flatMap(([, , list]) => list!.split(',').map((name) => name.trim().split(/\s/)[0]!))
  const whole = new RegExp(
    String.raw`import\s+(?:\w+|\*\s+as\s+\w+)[^'"{]*from\s+${module}|(?:require|import)\(${module}\)`
  )
  return [...names, ...(whole.test(text) ? ['*'] : [])]
}

function reaches(from: string, to: string): boolean {
  return from === to || mayImport[from]!.some((next) => reaches(next, to))
}

/** Every circle that a walk through the files meets, each once, as the files on it. */
function circles(found: readonly Import[]): string[] {
  const targets = new Map<string, string[]>()
  for (const { file, specifier } of found) {
    if (!specifier.startsWith('.')) continue
    targets.set(file, [...(targets.get(file) ?? []), relative(root, resolve(root, dirname(file), specifier))])
  }
  const seen: string[] = []
  const done = new Set<string>()
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file)
    if (at >= 0) seen.push([...way.slice(at), file].join(' → '))
    if (at >= 0 || done.has(file)) return
    for (const target of targets.get(file) ?? []) visit(target, [...way, file])
    done.add(file)
  }
  for (const file of targets.keys()) visit(file, [])
  return seen
}

/** src/main/api/jobs.ts → api; src/renderer/… → renderer; native/… → native. */
function layerOf(path: string): string | null {
  const [first, second, third] = path.split('/')
  if (first === 'native') return 'native'
  if (first !== 'src') return null
  return second === 'main' ? (third ?? null) : (second ?? null)
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'build' ? [] : files(path)
    return [path]
  })
}

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8')
  const file = relative(root, path)
  const found = new Map<string, Import>()
  const add = (specifier: string, typeOnly: boolean) => {
    const before = found.get(specifier)
    found.set(specifier, { file, specifier, typeOnly: typeOnly && (before?.typeOnly ?? true) })
  }
  for (const [, type, specifier] of text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?(?:[^'"\n;]*?|\{[^}]*\}\s+)from\s+'([^']+)'/gm
  )) {
    add(specifier!, type !== undefined)
  }
  for (const [, specifier] of text.matchAll(/^\s*import\s+'([^']+)'/gm)) add(specifier!, false)
  for (const [, type, specifier] of text.matchAll(/(typeof\s+)?import\('([^']+)'\)/g))
    add(specifier!, type !== undefined)
  for (const [, specifier] of text.matchAll(/require\('([^']+)'\)/g)) add(specifier!, false)
  return [...found.values()]
}
