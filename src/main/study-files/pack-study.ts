import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { replaceFile } from '../files/durable.ts'
import { ZipWriter, type ZippedFile } from '../files/zip-writer.ts'
import { checkpointName, runFiles } from '../run-files/files.ts'
import { crateOf } from './ro-crate.ts'
import { recordsName, studyRecordsSchema, type StudyRecords } from './study-records.ts'

/** What is to be packed, in the folder of the job that packs it. */
export interface Packing {
  records: Omit<StudyRecords, 'files'>
  /** Folders of the home, such as `runs/<id>`. */
  folders: readonly string[]
  /** Files of the job's folder. */
  texts: readonly string[]
  /** With the weights that tuning made. */
  weights: boolean
  version: string
}

export const packingName = 'packing.json'

const unfinished = new Set([checkpointName, runFiles.clock.name])

/** Writes the zip; `each` hears of every piece that was read, in bytes, and may end it by throwing. */
export async function packStudy(
  path: string,
  { records, folders, texts, weights, version }: Packing,
  places: { home: string; folder: string },
  each: (bytes: number) => Promise<void>
): Promise<number> {
  const files: ZippedFile[] = []
  await replaceFile(path, async (beside) => {
    const zip = await ZipWriter.open(beside)
    try {
      for (const name of folders) {
        const folder = join(places.home, ...name.split('/'))
        for (const file of carriedFiles(folder, name.startsWith('runs/'), weights))
          files.push(await zip.addFile(`${name}/${relative(folder, file).split(sep).join('/')}`, file, each))
      }
      for (const name of texts) files.push(await zip.addFile(name, join(places.folder, ...name.split('/')), each))
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
  })
  return files.length + 1
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
