import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { predictionSchema, retrievedExampleSchema, type Prediction } from '../../src/main/contract/runs.ts'
import { jobSchemas, type JobInput, type JobOutput } from '../../src/main/contract/jobs.ts'
import type { ProgressReport } from '../../src/main/contract/worker-messages.ts'
import { readRetrieved } from '../../src/main/run-files/retrieved.ts'
import { runTools } from '../../src/main/worker/run-strategy.ts'
import { runStrategy } from '../../src/main/worker/run/run-strategy.ts'
import type { RunContext, RunTools } from '../../src/main/worker/run/tools.ts'
import { animals, makeTinyWorld, runInput, type TinyWorld } from './tiny-world.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

/** Small pieces, so that a short run has many places where it can be cut off. */
const tools: RunTools = { ...runTools, secondsBetweenCheckpoints: 0, rowsPerChunk: 5 }

interface Observed {
  progress: ProgressReport[]
  curve: Record<string, number>[]
  log: string[]
}

/** Runs until the end, or until `cutAt` safe points have passed: then it is torn away there, as by a kill. */
async function run(
  input: JobInput<'run-strategy'>,
  folder: string,
  options: { cutAt?: number; tools?: RunTools } = {}
): Promise<{ output: JobOutput<'run-strategy'> | null; observed: Observed; safePoints: number }> {
  const observed: Observed = { progress: [], curve: [], log: [] }
  const abort = new AbortController()
  let safePoints = 0
  const context: RunContext = {
    home: world.folder,
    threads: 1,
    signal: abort.signal,
    report: (progress) => observed.progress.push(progress),
    curve: (row) => observed.curve.push(row),
    log: (text) => observed.log.push(text),
    async paused() {
      if (++safePoints === options.cutAt) throw new Error('torn away')
    }
  }
  const output = await runStrategy(input, folder, options.tools ?? tools, context).catch((error: unknown) => {
    if (error instanceof Error && error.message === 'torn away') return null
    throw error
  })
  return { output, observed, safePoints }
}

/** Tools that leave the weights of every single step behind. */
function keepingEveryStep(folder: string): RunTools {
  return {
    ...tools,
    async loadEngine(options) {
      const engine = await tools.loadEngine(options)
      const train = engine.train.bind(engine)
      return Object.assign(engine, {
        async train(...given: Parameters<typeof train>): ReturnType<typeof train> {
          const training = await train(...given)
          const steps = training[Symbol.asyncIterator].bind(training)
          return Object.assign(training, {
            async *[Symbol.asyncIterator]() {
              for await (const step of { [Symbol.asyncIterator]: steps }) {
                await training.export(join(folder, String(step.step)), 'patch')
                yield step
              }
            }
          })
        }
      })
    }
  }
}

function newFolder(): string {
  return mkdtempSync(join(world.folder, 'run-'))
}

function predictions(folder: string, target: string): Prediction[] {
  const lines = readFileSync(join(folder, `predictions-${target}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
  return lines.map((line) => predictionSchema.parse(JSON.parse(line)))
}

/** What must not depend on whether a run was cut off. */
function comparable(folder: string, output: JobOutput<'run-strategy'> | null) {
  return {
    scores: output!.scores,
    provider: output!.provider,
    predictions: predictions(folder, 'naming'),
    retrieved: readFileSync(join(folder, 'retrieved.json'), 'utf8'),
    patch: readFileSync(join(folder, 'tuned', 'patch.safetensors'))
  }
}

describe('a run', () => {
  test('retrieves, tunes and evaluates, and keeps every answer with its scores', async () => {
    const folder = newFolder()
    const { output, observed } = await run(runInput(world), folder)
    expect(jobSchemas['run-strategy'].output.parse(output)).toEqual(output)
    expect(output!.scores.map(({ metric }) => metric)).toEqual(['em', 'soft-em', 'macro-f1'])
    expect(output!.seconds.total).toBeGreaterThanOrEqual(output!.seconds.tune + output!.seconds.evaluate)
    expect(output!.peakBytes).toBeGreaterThan(1e6)
    expect(output!.versions['onnxruntime-node']).toMatch(/^\d/)
    expect(output!.versions['threads']).toBe('1')

    const answers = predictions(folder, 'naming')
    expect(answers).toHaveLength(24)
    expect(answers.map((one) => one.exampleId)).toEqual(Array.from({ length: 24 }, (_, at) => at + 1))
    expect(new Set(answers.map((one) => one.sourceItem)).size).toBeLessThanOrEqual(8)
    const mean = answers.reduce((sum, one) => sum + one.scores['em']!, 0) / answers.length
    expect(output!.scores.find((score) => score.metric === 'em')!.value).toBeCloseTo(mean, 9)

    const { retrieved } = (await readRetrieved(folder))!
    expect(retrieved).toHaveLength(16)
    for (const one of retrieved) retrievedExampleSchema.parse(one)
    expect(observed.curve).toHaveLength(8)
    expect(observed.log.join('\n')).toMatch(/Retrieved 16 upstream examples/)
    expect(existsSync(join(folder, 'checkpoint'))).toBe(false)
    expect(readdirSync(folder).filter((name) => name.endsWith('.part') || name.endsWith('.tmp'))).toEqual([])
  })
  test('reports progress that only grows and ends at one', async () => {
    const { observed } = await run(runInput(world), newFolder())
    const fractions = observed.progress.map((progress) => progress.fraction!)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect(fractions.at(-1)).toBeCloseTo(1, 6)
    expect(new Set(observed.progress.map((progress) => progress.phase))).toEqual(
      new Set(['retrieving', 'tuning', 'evaluating'])
    )
  })
  test('gives the same numbers again', async () => {
    const [first, second] = [newFolder(), newFolder()]
    const outputs = [await run(runInput(world), first), await run(runInput(world), second)]
    expect(comparable(second, outputs[1]!.output)).toEqual(comparable(first, outputs[0]!.output))
  })
  test('another seed gives another random sample', async () => {
    const samples = await Promise.all(
      [1, 2].map(async (seed) => {
        const folder = newFolder()
        await run(runInput(world, { strategy: 'random', seed }), folder)
        return readFileSync(join(folder, 'retrieved.json'), 'utf8')
      })
    )
    expect(samples[0]).not.toBe(samples[1])
  })
})

describe('a run that is torn away', () => {
  test('at any safe point goes on and ends with the same numbers', async () => {
    const whole = newFolder()
    const expected = await run(runInput(world), whole)
    for (let cutAt = 1; cutAt <= expected.safePoints; cutAt++) {
      const folder = newFolder()
      expect((await run(runInput(world), folder, { cutAt })).output, `cut at ${cutAt}`).toBeNull()
      const { output } = await run(runInput(world), folder)
      expect(comparable(folder, output), `cut at ${cutAt}`).toEqual(comparable(whole, expected.output))
      // Also the first loss, which an attempt that goes on has not seen.
      const tuned = [folder, whole].map((path) => readFileSync(join(path, 'tuned.json'), 'utf8'))
      expect(tuned[0], `cut at ${cutAt}`).toBe(tuned[1])
      rmSync(folder, { recursive: true })
    }
  })
  test('again and again still gets there', async () => {
    const whole = newFolder()
    const expected = await run(runInput(world), whole)
    const folder = newFolder()
    let output: JobOutput<'run-strategy'> | null = null
    for (let attempt = 0; attempt < 40 && output === null; attempt++) {
      output = (await run(runInput(world), folder, { cutAt: 3 })).output
    }
    expect(comparable(folder, output)).toEqual(comparable(whole, expected.output))
  })
  test('in the middle of writing answers loses only the chunk', async () => {
    const whole = newFolder()
    const expected = await run(runInput(world), whole)
    const cut = newFolder()
    await run(runInput(world), cut, { cutAt: expected.safePoints - 1 })
    const part = join(cut, 'predictions-naming.part')
    for (const torn of [
      '{"exampleId":3,"inp',
      '{"exampleId":3,"input":"x","references":["y"],"output":"z","scores":{},"sourceItem":1}\n'
    ]) {
      const folder = newFolder()
      cpSync(cut, folder, { recursive: true })
      appendFileSync(join(folder, 'predictions-naming.part'), torn)
      const { output } = await run(runInput(world), folder)
      expect(comparable(folder, output)).toEqual(comparable(whole, expected.output))
    }
    expect(readFileSync(part, 'utf8').trimEnd().split('\n').length % 5).toBe(0)
  })
  test('does no finished work twice', async () => {
    const folder = newFolder()
    await run(runInput(world), folder)
    const broken: RunTools = { ...tools, loadEngine: () => Promise.reject(new Error('not needed')) }
    expect((await run(runInput(world), folder, { tools: broken })).output).not.toBeNull()
  })
  test('keeps the time of all attempts', async () => {
    const folder = newFolder()
    const first = await run(runInput(world), folder)
    const again = newFolder()
    await run(runInput(world), again, { cutAt: first.safePoints - 1 })
    const { output } = await run(runInput(world), again)
    expect(output!.seconds.tune).toBeGreaterThan(0)
  })
})

describe('strategies and merge modes', () => {
  test('zero-shot tunes nothing and answers for all targets', async () => {
    const folder = newFolder()
    const targets = world.targets.map(({ id, path, metrics }) => ({
      targetId: id,
      dataset: path,
      metrics,
      answerBy: 'generation' as const,
      queries: [],
      excludedIds: []
    }))
    const { output } = await run(runInput(world, { strategy: 'zero-shot', targets }), folder)
    expect(existsSync(join(folder, 'tuned.json'))).toBe(false)
    expect(new Set(output!.scores.map((score) => score.targetId))).toEqual(new Set(['naming', 'colouring']))
    expect(output!.seconds).toMatchObject({
      retrieve: expect.any(Number) as number,
      tune: expect.any(Number) as number
    })
  })
  test.each([
    ['unsupervised', 16, 8],
    ['none', 2, 2],
    ['mix', 18, 10]
  ] as const)('merge "%s" tunes on %d examples', async (merge, examples, steps) => {
    const folder = newFolder()
    await run(runInput(world, { tune: { ...runInput(world).tune, merge } }), folder)
    const tuned = JSON.parse(readFileSync(join(folder, 'tuned.json'), 'utf8')) as {
      steps: number
      stages: { examples: number }[]
    }
    expect(tuned).toMatchObject({ steps, stages: [{ examples }] })
    expect(existsSync(join(folder, 'retrieved.json'))).toBe(merge !== 'none')
  })
  test.each(['full', 'last-blocks', 'lora'] as const)(
    'two stages with "%s" go on from the first stage',
    async (method) => {
      const folder = newFolder()
      const base = runInput(world).tune
      const { output } = await run(runInput(world, { tune: { ...base, merge: 'two-stage', method } }), folder)
      const tuned = JSON.parse(readFileSync(join(folder, 'tuned.json'), 'utf8')) as {
        stages: { examples: number; lastLoss: number }[]
      }
      expect(tuned.stages.map((stage) => stage.examples)).toEqual([16, 2])
      expect(output!.scores.length).toBe(3)
    }
  )
  test('the curve of two stages shows the rate of each, from its own beginning', async () => {
    const rates = { learningRate: 1e-3, queryLearningRate: 4e-3, queryEpochs: 3, epochs: 1, warmupSteps: 0 }
    const tune = { ...runInput(world).tune, ...rates, merge: 'two-stage' as const }
    const { observed } = await run(runInput(world, { tune }), newFolder())
    // 16 examples in batches of 4, once; two queries in a batch, three times. Without warm-up a rate falls evenly to zero.
    expect(tune.batchSize).toBe(4)
    const falling = (rate: number, steps: number) => Array.from({ length: steps }, (_, at) => rate * (1 - at / steps))
    const expected = [...falling(1e-3, 4), ...falling(4e-3, 3)]
    const curve = observed.curve.map((row) => row['learningRate']!)
    expect(curve).toHaveLength(expected.length)
    curve.forEach((rate, at) => expect(rate).toBeCloseTo(expected[at]!, 9))
  })
  describe('early stopping', () => {
    /** So fast that the model is soon worse on what it does not learn from. */
    const hasty = (method: 'full' | 'lora') => {
      const { tune } = runInput(world)
      const learningRate = method === 'lora' ? 1 : 0.05
      const earlyStopping = { heldOutShare: 0.25, everySteps: 1, patience: 3 }
      return runInput(world, { tune: { ...tune, method, learningRate, epochs: 6, clipNorm: null, earlyStopping } })
    }
    const tunedOf = (folder: string) =>
      JSON.parse(readFileSync(join(folder, 'tuned.json'), 'utf8')) as {
        steps: number
        stages: { best: { step: number; heldOutLoss: number } }[]
      }

    test.each(['full', 'lora'] as const)('keeps the weights of the best check (%s)', async (method) => {
      const [folder, all] = [newFolder(), newFolder()]
      const { observed } = await run(hasty(method), folder, { tools: keepingEveryStep(all) })
      const { steps, stages } = tunedOf(folder)
      const { best } = stages[0]!
      expect(best.step).toBeLessThan(steps)
      const losses = observed.curve.map((row) => row['heldOutLoss']!)
      expect(losses[best.step - 1]).toBe(Math.min(...losses))
      const kept = readFileSync(join(folder, 'tuned', 'patch.safetensors'))
      expect(kept.equals(readFileSync(join(all, String(best.step), 'patch.safetensors')))).toBe(true)
      expect(kept.equals(readFileSync(join(all, String(steps), 'patch.safetensors')))).toBe(false)
      expect(observed.log.join('\n')).toContain(`The weights of step ${best.step} are kept`)
    })
    test('survives being torn away at any safe point', async () => {
      const whole = newFolder()
      const expected = await run(hasty('full'), whole)
      for (let cutAt = 1; cutAt <= expected.safePoints; cutAt++) {
        const folder = newFolder()
        expect((await run(hasty('full'), folder, { cutAt })).output).toBeNull()
        const { output } = await run(hasty('full'), folder)
        expect(comparable(folder, output), `cut at ${cutAt}`).toEqual(comparable(whole, expected.output))
        expect(tunedOf(folder).stages[0]!.best).toEqual(tunedOf(whole).stages[0]!.best)
        rmSync(folder, { recursive: true })
      }
    })
  })
  test('two stages survive being torn away as well', async () => {
    const input = runInput(world, { tune: { ...runInput(world).tune, merge: 'two-stage', method: 'lora' } })
    const whole = newFolder()
    const expected = await run(input, whole)
    for (const cutAt of [4, 10, 11]) {
      const folder = newFolder()
      expect((await run(input, folder, { cutAt })).output).toBeNull()
      const { output } = await run(input, folder)
      expect(output!.scores).toEqual(expected.output!.scores)
      expect(predictions(folder, 'naming')).toEqual(predictions(whole, 'naming'))
    }
  })
  test('tunes and answers in the fast precision, again with the same numbers, and near what exact products give', async () => {
    const { tune, evaluation } = runInput(world)
    const of = (precision: 'fp32' | 'fast') =>
      runInput(world, { tune: { ...tune, method: 'lora', precision }, evaluation: { ...evaluation, precision } })
    const losses: number[][] = []
    const answers: Prediction[][] = []
    for (const precision of ['fp32', 'fast', 'fast'] as const) {
      const folder = newFolder()
      const { observed } = await run(of(precision), folder)
      losses.push(observed.curve.map((row) => row['loss']!))
      answers.push(predictions(folder, 'naming'))
    }
    expect(answers[2]).toEqual(answers[1])
    expect(losses[0]!.length).toBeGreaterThan(1)
    const [exact, fast, again] = losses as [number[], number[], number[]]
    expect(again).toEqual(fast)
    expect(fast).not.toEqual(exact)
    fast.forEach((loss, at) => expect(Math.abs(loss / exact[at]! - 1)).toBeLessThan(0.05))
  })
  test('does not tune in half precision on the processor: it says so, and tunes in no other precision instead', async () => {
    const { tune } = runInput(world)
    await expect(run(runInput(world, { tune: { ...tune, precision: 'half' } }), newFolder())).rejects.toMatchObject({
      code: 'half-unavailable'
    })
  })
  test.each(['8-bit', '4-bit'] as const)(
    'tunes and answers on a base in %s, again with the same numbers, and reads what it rounded before',
    async (base) => {
      const { tune } = runInput(world)
      const of = (bits: 'full' | '8-bit' | '4-bit') =>
        runInput(world, { tune: { ...tune, method: 'lora', base: bits } })
      const losses: number[][] = []
      const answers: Prediction[][] = []
      const loaded: (string | undefined)[] = []
      const loadEngine: RunTools['loadEngine'] = (options) => {
        loaded.push(options.base)
        return tools.loadEngine(options)
      }
      for (const bits of ['full', base, base] as const) {
        const folder = newFolder()
        const { observed } = await run(of(bits), folder, { tools: { ...tools, loadEngine } })
        losses.push(observed.curve.map((row) => row['loss']!))
        answers.push(predictions(folder, 'naming'))
      }
      expect(loaded).toEqual([undefined, undefined, base, base, base, base])
      expect(losses[2]).toEqual(losses[1])
      expect(answers[2]).toEqual(answers[1])
      expect(losses[1]).not.toEqual(losses[0])
      losses[1]!.forEach((loss, at) => expect(Math.abs(loss / losses[0]![at]! - 1)).toBeLessThan(0.2))
    }
  )
  test('answers by the likeliest choice', async () => {
    const folder = newFolder()
    const input = runInput(world, { strategy: 'zero-shot' })
    const targets = input.targets.map((target) => ({ ...target, answerBy: 'choices' as const }))
    await run({ ...input, targets }, folder)
    const known = new Set(animals)
    for (const { output } of predictions(folder, 'naming')) expect(known).toContain(output)
  })
  test('tests fewer rows when asked to, from as many items as possible', async () => {
    const folder = newFolder()
    const input = runInput(world, { strategy: 'zero-shot' })
    await run({ ...input, evaluation: { ...input.evaluation, testExamples: 7 } }, folder)
    const rows = predictions(folder, 'naming')
    expect(rows).toHaveLength(7)
    expect(new Set(rows.map((row) => row.sourceItem)).size).toBe(7)
  })
})

describe('a run says what is wrong', () => {
  test.each([
    [
      'labels that are not there',
      () => {
        const input = runInput(world, { tune: { ...runInput(world).tune, merge: 'mix' } })
        return {
          ...input,
          targets: input.targets.map((one) => ({
            ...one,
            queries: one.queries.map((query) => ({ ...query, outputs: [] }))
          }))
        }
      },
      'queries-without-labels'
    ],
    ['an index that is not there', () => runInput(world, { strategy: 'semantic' }), 'no-index'],
    ['data that is gone', () => runInput(world, { dataset: join(world.folder, 'gone.db') }), 'dataset-missing'],
    [
      'answer choices that are not there',
      () => {
        const targets = world.targets.map(({ id, path, metrics }) => ({
          targetId: id,
          dataset: path,
          metrics,
          answerBy: 'choices' as const,
          queries: [],
          excludedIds: []
        }))
        return runInput(world, { strategy: 'zero-shot', targets })
      },
      'no-choices'
    ],
    [
      'everything filtered away',
      () => runInput(world, { retrieval: { ...runInput(world).retrieval, withoutTasks: ['naming', 'colouring'] } }),
      'nothing-to-retrieve'
    ]
  ])('%s', async (_name, input, code) => {
    await expect(run(input(), newFolder())).rejects.toMatchObject({ code })
  })
  test('a folder of another run is left alone', async () => {
    const folder = newFolder()
    await run(runInput(world), folder)
    const before = readFileSync(join(folder, 'result.json'), 'utf8')
    await expect(run(runInput(world, { fingerprint: 'other' }), folder)).rejects.toMatchObject({
      code: 'run-folder-taken'
    })
    expect(readFileSync(join(folder, 'result.json'), 'utf8')).toBe(before)
  })
})
