import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { LabError } from '../contract/error.ts'
import { replaceFile } from '../files/durable.ts'
import { ZipWriter, type ZippedFile } from '../files/zip-writer.ts'
import { checkpointName, runFiles } from '../run-files/files.ts'
import { unfinishedEnding, type Packing } from './packing.ts'
import { crateOf } from './ro-crate.ts'
import { recordsName, studyRecordsSchema } from './study-records.ts'

const unfinished = new Set([checkpointName, runFiles.clock.name])

/**
 * Writes the zip; `each` hears of every piece that was read, in bytes, and may end it by throwing. `texts`: files of the job's folder.
 * Throws `file-missing` where something has gone since it was chosen, `disk-full`.
 */
export async function packStudy(
  path: string,
  { records, folders, weights, version }: Packing,
  { home, folder, texts }: { home: string; folder: string; texts: readonly string[] },
  each: (bytes: number) => Promise<void>
): Promise<number> {
  const files: ZippedFile[] = []
  const write = async (beside: string) => {
    const zip = await ZipWriter.open(beside)
    try {
      for (const name of folders) {
        const from = join(home, ...name.split('/'))
        if (!existsSync(from)) throw goneSince(name)
        for (const file of carriedFiles(from, name.startsWith('runs/'), weights)) {
          const inside = `${name}/${relative(from, file).split(sep).join('/')}`
          try {
            files.push(await zip.addFile(inside, file, each))
          } catch (thrown) {
            throw orGone(thrown, inside)
          }
        }
      }
      for (const name of texts) files.push(await zip.addFile(name, join(folder, ...name.split('/')), each))
      const crate = crateOf(records, files, { name: 'ReCross Lab', version })
      files.push(await zip.addText('ro-crate-metadata.json', `${JSON.stringify(crate, null, 2)}\n`))
      // What this lab could not read again is not written.
      const whole = studyRecordsSchema.parse({ ...records, files })
      await zip.addText(recordsName, `${JSON.stringify(whole)}\n`)
      await zip.close()
    } catch (error) {
      await zip.abandon().catch(() => undefined)
      throw error
    }
  }
  await replaceFile(path, write, { ending: unfinishedEnding(folder) })
  return files.length + 1
}

function orGone(thrown: unknown, name: string): unknown {
  return (thrown as NodeJS.ErrnoException).code === 'ENOENT' ? goneSince(name, thrown) : thrown
}

function goneSince(name: string, cause?: unknown): LabError {
  return new LabError(
    'file-missing',
    `${name} has gone from the home folder since it was chosen to be packed. No file was written. Choose again what to pack: what is gone is then named.`,
    { details: { name }, cause }
  )
}

/** Files of a folder in order; of a run neither its checkpoints nor, unless they are wanted, its weights. */
export function carriedFiles(folder: string, isRun: boolean, weights: boolean): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && !/^\.|\.(part|tmp)$|-(wal|shm|journal)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const [first] = relative(folder, path).split(sep)
      return !isRun || !(unfinished.has(first!) || (!weights && path.endsWith('.safetensors')))
    })
    .sort()
}
