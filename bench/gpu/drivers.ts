/**
 * Which Vulkan driver WebGPU is to use. A machine that only has NVIDIA's driver may lack what describes it to Vulkan, the loader or
 * libraries of the X window system that the driver asks for: descriptions are written here, libraries come from the bundle's `lib`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { plain, type BenchResult } from '../suite.ts'
import { sized, smoke } from '../size.ts'
import { missing } from './rows.ts'
import { runPart } from './run-part.ts'

export interface Driver {
  title: string
  /** What a process that is to use it has in its environment. */
  env: Readonly<Record<string, string>>
  /** It computes on the processor: its speed says nothing about cards. */
  software: boolean
}

/** The first driver on which the self-test gives what the processor gives. */
export async function findDriver(
  report: (result: BenchResult) => void
): Promise<{ driver: Driver | null; findings: string[] }> {
  report(plain('graphics cards that nvidia-smi lists', cards().length, '', cards().join('; ') || 'none'))
  const findings: string[] = []
  for (const driver of drivers()) {
    const rows: BenchResult[] = []
    const limits = { small: smoke, seconds: sized(60, 300) }
    const failure = await runPart('self-test', driver, limits, (row) => rows.push(row))
    if (failure === null && rows.every(({ holds }) => holds !== false)) {
      report(plain('driver', 1, '', driver.title))
      rows.forEach(report)
      return { driver, findings }
    }
    const finding = `${driver.title}: ${failure ?? 'its results are wrong'}`
    findings.push(finding)
    report(missing('self-test', 'not measured', finding))
  }
  if (findings.length === 0) findings.push('no Vulkan driver was found')
  return { driver: null, findings }
}

function cards(): string[] {
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader']
  const { status, stdout } = spawnSync('nvidia-smi', query, { encoding: 'utf8' })
  return status === 0 ? stdout.trim().split('\n') : []
}

const systemFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d']
const nvidiaLibraries = ['libGLX_nvidia.so.0', 'libEGL_nvidia.so.0']
const swiftShader = ['/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/lib/chromium-browser/vk_swiftshader_icd.json']

/** All that may work here, likely best first. */
function drivers(): Driver[] {
  const installed = installedLibraries()
  const base = baseEnvironment(installed)
  const by = (file: string, title: string, software = false): Driver => ({
    title,
    env: { ...base, VK_ICD_FILENAMES: file, VK_DRIVER_FILES: file },
    software
  })
  const named = process.env['VK_ICD_FILENAMES'] ?? process.env['VK_DRIVER_FILES']
  if (named) return [by(named, named, isSoftware(named))]
  const described = systemFolders.flatMap(descriptionsIn)
  const nvidia = described.filter((file) => /nvidia/i.test(file)).map((file) => by(file, `NVIDIA, ${file}`))
  const own = nvidiaLibraries
    .filter((name) => installed.has(name))
    .map((name) => by(describe(name), `NVIDIA, ${name} with a description of our own`))
  const others = described.filter((file) => !/nvidia/i.test(file) && !isSoftware(file)).map((file) => by(file, file))
  // Only to see whether the suite works: its figures would be mistaken for a card's.
  const software = smoke
    ? swiftShader.filter(existsSync).map((file): Driver => {
        const driver = by(file, 'SwiftShader, a driver in software', true)
        const libraries = [dirname(file), driver.env['LD_LIBRARY_PATH']!].filter(Boolean).join(delimiter)
        return { ...driver, env: { ...driver.env, LD_LIBRARY_PATH: libraries } }
      })
    : []
  return [...nvidia, ...own, ...others, ...software]
}

const isSoftware = (file: string): boolean => /lvp|lavapipe|swiftshader/i.test(file)

function descriptionsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name))
}

/** What Vulkan's loader reads about a driver. */
function describe(library: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'recross-icd-')), `${library}.json`)
  writeFileSync(
    file,
    JSON.stringify({ file_format_version: '1.0.1', ICD: { library_path: library, api_version: '1.3.0' } })
  )
  return file
}

/** Names of the libraries that programs find here. */
function installedLibraries(): Set<string> {
  for (const command of ['ldconfig', '/sbin/ldconfig']) {
    const { status, stdout } = spawnSync(command, ['-p'], { encoding: 'utf8' })
    if (status === 0) return new Set([...stdout.matchAll(/^\s+(\S+) /gm)].map(([, name]) => name!))
  }
  return new Set()
}

/** The bundle's libraries serve only where the machine has none of that name: its own fit its driver. */
function baseEnvironment(installed: ReadonlySet<string>): Record<string, string> {
  const bundled = process.env['RECROSS_GPU_LIBRARIES']
  const paths = [process.env['LD_LIBRARY_PATH'] ?? '']
  if (bundled && existsSync(bundled)) {
    const needed = readdirSync(bundled).filter((name) => !installed.has(name))
    const folder = mkdtempSync(join(tmpdir(), 'recross-libraries-'))
    for (const name of needed) symlinkSync(join(bundled, name), join(folder, name))
    paths.push(folder)
  }
  return {
    // The driver of the software kind and some loaders insist on it.
    XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? tmpdir(),
    LD_LIBRARY_PATH: paths.filter((path) => path !== '').join(delimiter)
  }
}
