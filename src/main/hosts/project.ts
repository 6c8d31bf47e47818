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

/** Files shipped with the lab: catalog, demo data and models. */
export function bundledFolder(): string {
  // In an installed app they lie beside the archive, where native code can read them too.
  return join(projectFolder().replace(/app\.asar$/, 'app.asar.unpacked'), 'data')
}

/** The worker's entry file: bundled where this file is bundled, else its source. */
export function workerEntry(): string {
  const bundled = import.meta.filename.endsWith('.js')
  return join(projectFolder(), bundled ? 'out/main/worker.js' : 'src/main/worker/index.ts')
}

/** Folder of the built screens. */
export function rendererFolder(): string {
  return join(projectFolder(), 'out', 'renderer')
}

/** What a person types in a terminal to open the lab in a browser. */
export function openCommand(): string {
  const installed = projectFolder().endsWith('app.asar')
  return installed ? 'recross-lab open' : 'npm run lab -- open'
}
