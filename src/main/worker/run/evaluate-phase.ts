import { readFile, truncate } from 'node:fs/promises'
import type { Example } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import type { Prediction } from '../../contract/experiments.ts'
import { scoreRow } from '../../evaluation/metrics/metrics.ts'
import { chooseTestRows } from '../../evaluation/test-rows.ts'
import type { Engine } from '../../engine/engine.ts'
import { appendDurably, writeWhole } from '../../files/durable.ts'
import type { RunClock } from './clock.ts'
import type { ReportFraction } from './progress.ts'
import type { RunFolder } from './run-folder.ts'
import type { RunContext, RunInput, RunTools } from './tools.ts'

type RunTarget = RunInput['targets'][number]

/**
 * Answers the test rows of a target and keeps every answer with its scores. Rows are taken in fixed chunks of similar
 * length; a chunk is written whole, so that an evaluation that was cut off goes on behind its last chunk, with the same
 * batches and so the same answers as without the cut.
 */
export async function evaluateTarget(
  input: RunInput,
  target: RunTarget,
  engine: () => Promise<Engine>,
  folder: RunFolder,
  clock: RunClock,
  tools: RunTools,
  context: RunContext,
  report: ReportFraction
): Promise<Prediction[]> {
  const finished = await readPredictions(folder.predictions(target.targetId))
  if (finished) return finished
  const examples = readTestRows(input, target, tools)
  const chunks = chunksByLength(examples, tools.rowsPerChunk)
  const partial = folder.partialPredictions(target.targetId)
  const done = await readWholeChunks(partial, chunks)
  for (const chunk of chunks.slice(done.chunks)) {
    const outputs = await answer(await engine(), input, target, chunk, context.signal)
    const predictions = chunk.map((example, at) => predictionOf(target, example, outputs[at]!))
    done.predictions.push(...predictions)
    await appendPredictions(partial, predictions)
    await clock.save()
    const rows = done.predictions.length
    report({ phase: 'evaluating', done: rows, total: examples.length, unit: 'test rows' }, rows / examples.length)
    await clock.outside(context.paused)
  }
  const sorted = done.predictions.sort((a, b) => a.exampleId - b.exampleId)
  await writeWhole(
    folder.predictions(target.targetId),
    sorted.map((prediction) => `${JSON.stringify(prediction)}\n`).join('')
  )
  await folder.remove(partial)
  return sorted
}

function readTestRows(input: RunInput, target: RunTarget, tools: RunTools): Example[] {
  const dataset = tools.openDataset(target.dataset)
  try {
    return chooseTestRows([...dataset.iterate()], input.evaluation.testExamples)
  } finally {
    dataset.close()
  }
}

/** Longest first, so that running out of memory shows at once and the time left is not too hopeful. */
function chunksByLength(examples: readonly Example[], rowsPerChunk: number): Example[][] {
  const sorted = [...examples].sort((a, b) => b.input.length - a.input.length || a.id - b.id)
  return Array.from({ length: Math.ceil(sorted.length / rowsPerChunk) }, (_, chunk) =>
    sorted.slice(chunk * rowsPerChunk, (chunk + 1) * rowsPerChunk)
  )
}

async function answer(
  engine: Engine,
  input: RunInput,
  target: RunTarget,
  examples: readonly Example[],
  signal: AbortSignal
): Promise<string[]> {
  const { maxInputTokens, maxOutputTokens, beams } = input.evaluation
  const { prefix } = input.model
  const outputs = new Array<string>(examples.length)
  if (target.answerBy === 'choices') {
    const questions = examples.map((example) => ({
      input: prefix + example.input,
      choices: choicesOf(example).map((choice) => prefix + choice)
    }))
    for await (const { index, best } of engine.rankChoices(questions, { maxInputTokens, signal })) {
      outputs[index] = choicesOf(examples[index]!)[best]!
    }
    return outputs
  }
  const inputs = examples.map((example) => prefix + example.input)
  for await (const { index, text } of engine.generate(inputs, {
    maxInputTokens,
    maxNewTokens: maxOutputTokens,
    beams,
    signal
  })) {
    outputs[index] = text.trim()
  }
  return outputs
}

function choicesOf(example: Example): readonly string[] {
  if (example.choices === null || example.choices.length === 0)
    throw new LabError(
      'no-choices',
      `Test row ${example.id} (${example.sourceId}) has no answer choices, but this target is answered by the likeliest choice. ` +
        'Set the target to free generation, or import it with a choices column.'
    )
  return example.choices
}

function predictionOf(target: RunTarget, example: Example, output: string): Prediction {
  const references = example.outputs
  return {
    exampleId: example.id,
    input: example.input,
    references,
    output,
    // A question without a right answer has no score, neither good nor bad.
    scores: references.length === 0 ? {} : scoreRow(target.metrics, { output, references }),
    sourceItem: example.sourceItem
  }
}

async function readPredictions(path: string): Promise<Prediction[] | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : parseLines(text)
}

/** What an earlier attempt has answered in whole chunks; the rest of the file is cut off. */
async function readWholeChunks(
  path: string,
  chunks: readonly (readonly Example[])[]
): Promise<{ chunks: number; predictions: Prediction[] }> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
  let whole = 0
  let rows = 0
  for (const chunk of chunks) {
    if (rows + chunk.length > lines.length) break
    rows += chunk.length
    whole++
  }
  const kept = lines.slice(0, rows)
  if (text !== '') await truncate(path, Buffer.byteLength(kept.map((line) => `${line}\n`).join('')))
  return { chunks: whole, predictions: kept.map((line) => JSON.parse(line) as Prediction) }
}

async function appendPredictions(path: string, predictions: readonly Prediction[]): Promise<void> {
  await appendDurably(path, predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join(''))
}

function parseLines(text: string): Prediction[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Prediction)
}
