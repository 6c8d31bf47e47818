import { open as openZip, type Entry, type ZipFile } from 'yauzl'
import { LabError, messageOf } from '../../contract/error.ts'
import type { DataFile } from './data-file.ts'

/** Opens a zip file; its entries are read one after the other. Throws file-damaged. */
export function openArchive(file: DataFile): Promise<ZipFile> {
  return new Promise((resolve, reject) =>
    openZip(file.path, { lazyEntries: true, autoClose: false }, (error, opened) =>
      opened ? resolve(opened) : reject(damagedArchive(file, error))
    )
  )
}

/** The next entry; null after the last. Throws archive-unsafe where its name points outside. */
export function nextEntry(zip: ZipFile, file: DataFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error')
      settle()
    }
    zip.once('entry', (entry: Entry) => done(() => resolve(entry)))
    zip.once('end', () => done(() => resolve(null)))
    zip.once('error', (error: Error) =>
      done(() =>
        reject(
          /invalid relative path|absolute path|invalid characters/.test(error.message)
            ? unsafeArchive(file, error.message)
            : damagedArchive(file, error)
        )
      )
    )
    zip.readEntry()
  })
}

export async function* entryContent(zip: ZipFile, entry: Entry, file: DataFile): AsyncGenerator<Buffer> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
    zip.openReadStream(entry, (error, opened) => (opened ? resolve(opened) : reject(damagedArchive(file, error))))
  )
  try {
    for await (const chunk of stream) yield chunk as Buffer
  } catch (thrown) {
    throw damagedArchive(file, thrown)
  }
}

export function unsafeArchive(file: DataFile, name: string): LabError {
  return new LabError(
    'archive-unsafe',
    `The archive ${file.name} holds an entry whose name points outside of it (${name.slice(0, 200)}). It was refused; ` +
      `unpack it yourself if you trust it, and import the files.`,
    { details: { file: file.name, entry: name } }
  )
}

function damagedArchive(file: DataFile, thrown: unknown): LabError {
  return new LabError('file-damaged', `The archive ${file.name} is damaged (${messageOf(thrown)}). Get it again.`, {
    cause: thrown,
    details: { file: file.name }
  })
}
