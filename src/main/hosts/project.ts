import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Folder of the package that this file, as source or bundled, is part of. */
export function projectFolder(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}

export function labVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectFolder(), 'package.json'), 'utf8')) as { version: string }
  return version
}

/** Address of the page that lists releases, where the lab was packaged with one (RECROSS_RELEASES); null: none. */
export function releasePage(): string | null {
  const { releases } = JSON.parse(readFileSync(join(projectFolder(), 'package.json'), 'utf8')) as { releases?: unknown }
  return typeof releases === 'string' && URL.canParse(releases) ? releases : null
}

/** Files shipped with the lab: catalog, demo data and models. */
export function bundledFolder(): string {
  return join(outsideArchive(), 'data')
}

/** Folder whose files every program can read; in an installed app they lie beside the archive. */
export function outsideArchive(): string {
  return projectFolder().replace(/app\.asar$/, 'app.asar.unpacked')
}

/** The worker's entry file: bundled where this file is bundled, else its source. */
export function workerEntry(folder = projectFolder()): string {
  const bundled = import.meta.filename.endsWith('.js')
  return join(folder, bundled ? 'out/main/worker.js' : 'src/main/worker/index.ts')
}

/** Folder of the built screens. */
export function rendererFolder(): string {
  return join(projectFolder(), 'out', 'renderer')
}

/** Is this an installed app, and not a checkout? Its command line runs from beside the archive. */
export function isInstalled(folder = projectFolder()): boolean {
  return /app\.asar(\.unpacked)?$/.test(folder)
}

/** What a person types in a terminal before the words of a command. */
export function labCommand(): string {
  return isInstalled() ? 'recross-lab' : 'npm run lab --'
}

/** What a person types in a terminal to open the lab in a browser. */
export function openCommand(): string {
  return `${labCommand()} open`
}
