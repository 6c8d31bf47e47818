import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../src/main/hosts/project.ts'

/** A package that an installed app contains, with the texts that must go with it. */
export interface Notice {
  name: string
  version: string
  licence: string
  /** What its LICENSE, COPYING and NOTICE files say. */
  texts: readonly string[]
}

/** Licences under which what we ship may be passed on. */
export const allowedLicences: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'OFL-1.1',
  'Unlicense'
]

const root = projectFolder()
const modules = join(root, 'node_modules')

interface Manifest {
  name: string
  version: string
  license?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/**
 * Everything that is in an installed app beside our own code: the packages in the bundles as the build found them, the
 * packages with native parts that stay outside, fonts and styles, and Node itself. Throws where a bundle is not built.
 */
export function thirdParties(): Notice[] {
  const names = new Set([...bundled(), ...styles(), ...shippedPackages()])
  return [...names].sort().map(noticeOf).concat(runtimes())
}

function bundled(): string[] {
  return ['main', 'preload', 'renderer'].flatMap((part) => {
    const path = join(root, 'out', 'packages', `${part}.json`)
    if (!existsSync(path)) throw new Error(`${path} is not there. Run npm run build first.`)
    return JSON.parse(readFileSync(path, 'utf8')) as string[]
  })
}

/** Packages that the style sheet takes in: fonts and the styles themselves. */
function styles(): string[] {
  const css = readFileSync(join(root, 'src/renderer/src/app.css'), 'utf8')
  return [...css.matchAll(/@import '((?:@[^/']+\/)?[^/']+)/g)].map(([, name]) => name!)
}

/** The packages that stay outside the bundles, and what they need while they run. */
function shippedPackages(): string[] {
  const found = new Set<string>()
  const add = (name: string): void => {
    if (found.has(name) || installOnly.includes(name) || !existsSync(join(modules, name))) return
    found.add(name)
    Object.keys(manifestOf(name).dependencies ?? {}).forEach(add)
  }
  const { dependencies = {}, optionalDependencies = {} } = readManifest(root)
  Object.keys({ ...dependencies, ...optionalDependencies }).forEach(add)
  return [...found]
}

/** What packages only need to install themselves; electron-builder.yml leaves it out of the app. */
export const installOnly: readonly string[] = ['adm-zip', 'global-agent', 'node-addon-api']

function noticeOf(name: string): Notice {
  const { version, license } = manifestOf(name)
  const texts = textsIn(join(modules, name))
  // Some packages say it in the text alone.
  const licence = license ?? (texts.some((text) => /^MIT License/i.test(text)) ? 'MIT' : 'not stated')
  return { name, version, licence, texts }
}

/** Parts that are not packages of npm, or whose package carries no text. */
function runtimes(): Notice[] {
  const node = readManifest(join(modules, 'node'))
  const nodeFolder = join(modules, 'node', 'node_modules')
  const program = readdirSync(nodeFolder).find((name) => /^node-(linux|darwin|win)/.test(name))
  const own = (name: string) => readFileSync(join(root, 'build', 'licences', name), 'utf8')
  return [
    {
      name: 'Node.js',
      version: node.version,
      licence: 'MIT',
      texts: program === undefined ? [] : textsIn(join(nodeFolder, program))
    },
    {
      name: 'ONNX Runtime',
      version: manifestOf('onnxruntime-node').version,
      licence: 'MIT',
      texts: [own('onnxruntime.txt'), own('onnxruntime-third-parties.txt')]
    },
    ...(process.platform === 'win32' ? [directX(join(root, 'build', 'licences'))] : [])
  ]
}

/**
 * DirectML.dll, dxcompiler.dll and dxil.dll come inside onnxruntime-node for Windows, without their terms, which must go with them:
 * `scripts/redistributables.ts` takes the texts from Microsoft's packages. Throws where one is not there.
 */
export function directX(folder: string): Notice {
  const missing = redistributables.filter(({ file }) => !existsSync(join(folder, file)))
  if (missing.length > 0)
    throw new Error(
      `An app for Windows contains Microsoft's redistributables, and their terms are not in ${folder}: ` +
        `${missing.map(({ file, pack }) => `${file} (of the NuGet package ${pack})`).join(', ')}. Run node scripts/redistributables.ts.`
    )
  return {
    name: 'DirectML and DirectX Shader Compiler',
    version: manifestOf('onnxruntime-node').version,
    licence: 'Microsoft’s terms for redistributables',
    texts: redistributables.map(({ file }) => readFileSync(join(folder, file), 'utf8'))
  }
}

/** Whose texts they are, and under which name they lie in build/licences. */
export const redistributables = [
  { pack: 'Microsoft.AI.DirectML', file: 'directml.txt' },
  { pack: 'Microsoft.Direct3D.DXC', file: 'dxc.txt' }
] as const

function textsIn(folder: string): string[] {
  const named = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice|ofl)\b/i.test(name))
  return named.sort().map((name) => readFileSync(join(folder, name), 'utf8').trim())
}

function manifestOf(name: string): Manifest {
  return readManifest(join(modules, name))
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** The file that goes with the app. */
export function noticesText(notices: readonly Notice[]): string {
  const rule = '-'.repeat(100)
  const parts = notices.map(({ name, version, licence, texts }) => {
    const said =
      texts.length > 0 ? texts.join('\n\n') : `Licensed under ${licence}; the package carries no text of its own.`
    return `${rule}\n${name} ${version} (${licence})\n${rule}\n\n${said}\n`
  })
  const head =
    'ReCross Lab contains the following software of others. Electron and Chromium have files of their own beside the program.\n'
  return `${head}\n${parts.join('\n')}`
}

if (import.meta.main) {
  const target = join(root, 'out', 'THIRD-PARTY-NOTICES.txt')
  const notices = thirdParties()
  writeFileSync(target, noticesText(notices))
  process.stdout.write(`${notices.length} parts of others: ${target}\n`)
}
