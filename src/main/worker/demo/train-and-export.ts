import { join } from 'node:path'
import { removeInside } from '../../files/remove.ts'
import { loadEngine } from '../../engine/load.ts'
import type { Engine, Training, TrainStep } from '../../engine/engine.ts'

/** The size of a demo model. */
export interface ModelSize {
  width: number
  layers: number
  heads: number
  vocabulary: number
  maxTokens: number
}

/**
 * Trains the model in `folder`/start and leaves the result in `folder`. The checkpoint lies in `folder`/training, so that an
 * interrupted training goes on.
 */
export async function* trainAndExport(
  folder: string,
  begin: (engine: Engine, checkpoint: string) => Promise<Training>
): AsyncGenerator<TrainStep> {
  const checkpoint = join(folder, 'training')
  // One thread: sums are then taken in the same order on every machine, and the model comes out the same.
  const engine = await loadEngine({ folder: join(folder, 'start'), provider: 'cpu', threads: 1 })
  const training = await begin(engine, checkpoint)
  for await (const step of training) {
    yield step
    if (step.step % 500 === 0) await training.saveCheckpoint(checkpoint)
  }
  await training.export(folder, 'full')
  await training.close()
  await engine.close()
  await removeInside(folder, checkpoint)
}
