import type { Example } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import type { Prediction } from '../../contract/runs.ts'
import { predictionOf } from '../../evaluation/prediction.ts'
import { chooseTestRows } from '../../evaluation/test-rows.ts'
import type { Engine } from '../../engine/engine.ts'
import { appendAnswers, readAnswersIfThere, readWholeChunks, writeAnswers } from '../../run-files/answers.ts'
import type { ReportFraction } from './progress.ts'
import type { RunSession } from './session.ts'
import type { RunInput, RunTools } from './tools.ts'

type RunTarget = RunInput['targets'][number]

/**
 * Answers the test rows of a target and keeps every answer with its scores. Rows are taken in fixed chunks of similar
 * length; a chunk is written whole, so that an evaluation that was cut off goes on behind its last chunk, with the same
 * batches and so the same answers as without the cut.
 */
export async function evaluateTarget(
  { input, folder, clock, tools, context }: RunSession,
  target: RunTarget,
  engine: () => Promise<Engine>,
  report: ReportFraction
): Promise<Prediction[]> {
  const path = folder.answers(target.targetId)
  const finished = await readAnswersIfThere(path)
  if (finished) return finished
  const examples = readTestRows(input, target, tools)
  const chunks = chunksByLength(examples, tools.rowsPerChunk)
  const unfinished = folder.unfinishedAnswers(target.targetId)
  const done = await readWholeChunks(
    unfinished,
    chunks.map((chunk) => chunk.length)
  )
  for (const chunk of chunks.slice(done.chunks)) {
    const outputs = await answer(await engine(), input, target, { examples: chunk, signal: context.signal })
    const answers = chunk.map((example, at) => predictionOf(target.metrics, example, outputs[at]!))
    done.answers.push(...answers)
    await appendAnswers(unfinished, answers)
    await clock.save()
    const rows = done.answers.length
    report({ phase: 'evaluating', done: rows, total: examples.length, unit: 'test rows' }, rows / examples.length)
    await clock.outside(context.paused)
  }
  const sorted = done.answers.sort((a, b) => a.exampleId - b.exampleId)
  await writeAnswers(path, sorted)
  await folder.remove(unfinished)
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
  { evaluation, model: { prefix } }: RunInput,
  { answerBy }: RunTarget,
  { examples, signal }: { examples: readonly Example[]; signal: AbortSignal }
): Promise<string[]> {
  const { maxInputTokens, maxOutputTokens, beams } = evaluation
  const outputs = new Array<string>(examples.length)
  if (answerBy === 'choices') {
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
    outputs[index] = evaluation.mendDoubled ? onceOnly(text.trim()) : text.trim()
  }
  return outputs
}

/** "yes yes" becomes "yes": what is exactly one word, said twice. */
export function onceOnly(answer: string): string {
  const [first, second, ...more] = answer.split(/\s+/)
  return first === second && first !== undefined && more.length === 0 ? first : answer
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
