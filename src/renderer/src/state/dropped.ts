import type { Bringing } from './brought.svelte.ts'

/** What a drop has brought, its first thing: wizards take one. Asks at once, since the browser forgets it after the event. */
export function droppedThing(transfer: DataTransfer | null): Promise<Bringing | null> {
  const file = transfer?.files[0]
  const entry = transfer?.items[0]?.webkitGetAsEntry?.() ?? null
  return thingOf(file, entry)
}

async function thingOf(file: File | undefined, entry: FileSystemEntry | null): Promise<Bringing | null> {
  const path = file && globalThis.window?.recross?.pathOf(file)
  if (path) return { path }
  if (entry !== null && isFolder(entry)) return { folder: entry.name, model: (await namesIn(entry)).some(isOfModel) }
  return file ? { file } : null
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
const isOfModel = (name: string): boolean => ['config.json', 'modules.json', 'snapshots'].includes(name)

/** Names of the first files of a folder, which is all that a browser tells of it without reading them. */
function namesIn(folder: FileSystemDirectoryEntry): Promise<string[]> {
  return new Promise((resolve) =>
    folder.createReader().readEntries(
      (entries) => resolve(entries.map(({ name }) => name)),
      () => resolve([])
    )
  )
}
