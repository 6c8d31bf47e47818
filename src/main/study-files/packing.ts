import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../contract/error.ts'
import { writeWhole } from '../files/durable.ts'
import { paths } from '../files/portable.ts'
import type { ResultsToWrite } from '../results/result-texts.ts'
import type { StudyRecords } from './study-records.ts'

/** What is to be packed, as it was settled when somebody asked for it. */
export interface Packing {
  records: Omit<StudyRecords, 'files'>
  /** Folders of the home, such as `runs/<id>`. */
  folders: readonly string[]
  /** Experiments whose results go in as files for other programs. */
  results: readonly ResultsToWrite[]
  /** With the weights that tuning made. */
  weights: boolean
  version: string
}

const name = 'packing.json'

/** Into the folder of the job that packs it. */
export async function writePacking(folder: string, packing: Packing, home: string): Promise<void> {
  await writeWhole(join(folder, name), JSON.stringify(paths.pack(packing, home)))
}

/** Throws `bad-study` where nobody knows any more what was to be packed. */
export async function readPacking(folder: string, home: string): Promise<Packing> {
  const path = join(folder, name)
  if (!existsSync(path))
    throw new LabError('bad-study', 'What was to be packed is not known any more. Start packing it again.')
  const packing = JSON.parse(await readFile(path, 'utf8')) as Packing & { results?: Packing['results'] }
  if (packing.results === undefined)
    throw new LabError('bad-study', 'An earlier version of the lab began to pack this. Start packing it again.')
  return paths.unpack(packing, home)
}

/** How the unfinished zip of a job is called, behind the name of the file: whoever takes the job up again finds it. */
export function unfinishedEnding(folder: string): string {
  return `.${folder.split(/[/\\]/).at(-1)!}.part`
}
