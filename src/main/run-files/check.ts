import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkAnswers } from './answers.ts'
import { isAnswersName, runFileNamed } from './files.ts'
import { parse } from './parse.ts'

/**
 * Reads every file of a run's folder whose form is known.
 * @throws LabError `run-damaged`
 */
export async function checkRunFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const file = runFileNamed(name)
    if (file !== null) parse(file, await readFile(path, 'utf8'), path)
    if (isAnswersName(name)) await checkAnswers(path)
  }
}
