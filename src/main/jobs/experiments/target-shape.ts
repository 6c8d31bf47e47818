import { openDataset } from '../../data/dataset.ts'

/** The rows of a target that will be tested, as far as a plan needs to know them. */
export interface TargetShape {
  /** Rows of every source item among the tested ones. */
  itemSizes: number[]
  rows: number
  /** Mean length of an input in characters. */
  inputLength: number
}

/** A sample of a dataset's texts, for timing a model on what it will really read; spread evenly over the file. */
export function sampleTexts(datasetFolder: string, count: number): { input: string; output: string }[] {
  const dataset = openDataset(datasetFolder)
  try {
    const wanted = Math.min(count, dataset.count)
    const ids = Array.from({ length: wanted }, (_, at) => 1 + Math.floor((at * dataset.count) / wanted))
    return dataset.getMany(ids).map(({ input, outputs }) => ({ input, output: outputs[0]! }))
  } finally {
    dataset.close()
  }
}
