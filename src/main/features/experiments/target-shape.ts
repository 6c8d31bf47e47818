import { openDataset } from '../../data/dataset.ts'

/** A sample of a dataset's texts, for timing a model on what it will really read; spread evenly over the file. */
export function sampleTexts(datasetFolder: string, count: number): { input: string; output: string }[] {
  const dataset = openDataset(datasetFolder)
  try {
    const wanted = Math.min(count, dataset.count)
    const ids = Array.from({ length: wanted }, (_, at) => 1 + Math.floor((at * dataset.count) / wanted))
    return dataset.getMany(ids).map(({ input, outputs }) => ({ input, output: outputs[0] ?? '' }))
  } finally {
    dataset.close()
  }
}
