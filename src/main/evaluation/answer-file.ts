import { readFile } from 'node:fs/promises'
import { LabError } from '../contract/error.ts'
import type { Prediction } from '../contract/experiments.ts'

/** The answers of a run on a target, from its file. Throws `run-files-missing`. */
export async function readAnswerFile(path: string, runId: string): Promise<Prediction[]> {
  try {
    const text = await readFile(path, 'utf8')
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Prediction)
  } catch (cause) {
    throw new LabError(
      'run-files-missing',
      `The answers of run ${runId} are gone or damaged: ${path}. Delete the experiment and run it again.`,
      { cause, details: { runId, path } }
    )
  }
}
