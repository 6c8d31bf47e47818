import { join } from 'node:path'
import type { Programs } from '../places/programs.ts'
import { makeBundle } from './make-bundle.ts'
import { ownNode } from './own-node.ts'
import { outsideArchive, projectFolder } from './project.ts'

/** What runs on places: agent and worker of this installation under a plain Node. */
export function placePrograms(): Programs {
  const node = process.versions.electron === undefined ? process.execPath : (ownNode() ?? 'node')
  return { node, agent: entry('place-agent', 'places/agent'), worker: fileWorkerEntry(), bundle: () => makeBundle() }
}

/** The worker that runs a job folder: bundled where this file is bundled, else its source. */
export function fileWorkerEntry(): string {
  return entry('file-worker', 'worker/file-worker')
}

function entry(bundled: string, source: string): string {
  return import.meta.filename.endsWith('.js')
    ? join(outsideArchive(), 'out/main', `${bundled}.js`)
    : join(projectFolder(), 'src/main', source, 'index.ts')
}
