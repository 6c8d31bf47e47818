import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { LabError } from '../../contract/error.ts'
import type { Folders } from '../../contract/recognised.ts'

/** A list to choose from by eye is not longer. */
const most = 1000

/** Folders in a folder, for the picker of the page. Throws `file-missing`. */
export async function listFolders(path: string | null): Promise<Folders> {
  const at = resolve(path ?? homedir())
  const entries = await readdir(at, { withFileTypes: true }).catch((cause: unknown) => {
    throw new LabError('file-missing', `There is no folder ${at}, or it cannot be opened.`, { cause })
  })
  const names = entries
    // A link to a folder is one; what else a link leads to shows when it is opened.
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .sort((a, b) => Number(a.startsWith('.')) - Number(b.startsWith('.')) || a.localeCompare(b))
  const above = dirname(at)
  return {
    path: at,
    parent: above === at ? null : above,
    folders: names
      .slice(0, most)
      .map((name) => ({ name, path: join(at, name), model: looksLikeModel(join(at, name)) })),
    more: names.length > most,
    model: looksLikeModel(at)
  }
}

/** As `recognise` tells it; in the hub's own cache it lies one deeper. */
export function looksLikeModel(folder: string): boolean {
  return ['config.json', 'modules.json', 'snapshots'].some((name) => existsSync(join(folder, name)))
}
