import { copyFile, link, mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, relative, sep } from 'node:path'
import type { Wanted } from './fetch-file.ts'
import type { HubRepo } from './hub.ts'

/** The cache that `huggingface_hub` keeps for this user, as its own variables say; nobody has to have one. */
export function hubCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = environment
  if (HF_HUB_CACHE || HUGGINGFACE_HUB_CACHE) return (HF_HUB_CACHE || HUGGINGFACE_HUB_CACHE)!
  if (HF_HOME) return join(HF_HOME, 'hub')
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface', 'hub')
}

/**
 * Puts a file that the user's cache holds where the download would put it: under a second name of the same file where
 * the disk allows, else as a copy. The cache itself is not changed. Whether it is the right file, the download checks:
 * a size or checksum that is not the hub's is fetched anew.
 */
export async function takeFromCache(
  cache: string,
  { repo, repoType }: HubRepo,
  wanted: Wanted,
  folder: string
): Promise<void> {
  if (await exists(wanted.path)) return
  const snapshots = join(cache, `${repoType}s--${repo.replaceAll('/', '--')}`, 'snapshots')
  const path = relative(folder, wanted.path)
  for (const revision of await folders(snapshots)) {
    const found = await realpath(join(snapshots, revision, path)).catch(() => null)
    const whole = found === null ? null : await stat(found).catch(() => null)
    if (found === null || !whole?.isFile() || (wanted.bytes !== null && whole.size !== wanted.bytes)) continue
    // A link in a cache must not lead anywhere else.
    if (!found.startsWith(`${await realpath(cache)}${sep}`)) continue
    await mkdir(dirname(wanted.path), { recursive: true })
    await link(found, wanted.path).catch(() => copyFile(found, wanted.path))
    return
  }
}

async function folders(path: string): Promise<string[]> {
  return readdir(path).catch(() => [])
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
