import { expect } from 'vitest'
import { LabError } from '../../../src/main/contract/error.ts'
import { openWeights } from '../../../src/main/models/weights/checkpoint.ts'

/** Opens a file and reads all that is in it; where that does not go, what is said names the file. */
export async function opensOrExplains(file: string): Promise<void> {
  try {
    const checkpoint = await openWeights(file)
    for (const name of checkpoint.names()) await checkpoint.readBytes(name)
    await checkpoint.close()
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    expect(error.message).toContain(file)
  }
}
