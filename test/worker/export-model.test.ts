import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tuneSettingsSchema } from '../../src/main/contract/run-settings.ts'
import type { JobInput, JobOutput } from '../../src/main/contract/jobs.ts'
import type { ExportFormat } from '../../src/main/contract/tuned-models.ts'
import type { LoadOptions } from '../../src/main/engine/engine.ts'
import { loadEngine } from '../../src/main/engine/load.ts'
import { readModelFolder } from '../../src/main/models/folder.ts'
import { openWeights } from '../../src/main/models/weights/checkpoint.ts'
import { job } from '../../src/main/worker/export-model.ts'
import { inspectModel } from '../../src/main/worker/install-model.ts'
import { runTools } from '../../src/main/worker/run-strategy.ts'
import { runStrategy } from '../../src/main/worker/run/run-strategy.ts'
import { makeTinyWorld, runInput, type TinyWorld } from './tiny-world.ts'

const projectFolder = join(import.meta.dirname, '..', '..')

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
  // As most models on the hub say it, whatever the weights are.
  const path = join(world.model, 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8')) as object
  writeFileSync(path, JSON.stringify({ ...config, torch_dtype: 'float16' }))
})
afterAll(() => world.remove())

type Tune = Partial<ReturnType<typeof tuneSettingsSchema.parse>>

const folderOf = (name: string) => mkdtempSync(join(world.folder, `${name}-`))
const nothing = () => undefined

async function tunedRun(tune: Tune): Promise<string> {
  const folder = folderOf('run')
  const plain = runInput(world)
  const input = runInput(world, {
    tune: { ...plain.tune, learningRate: 1e-2, ...tune },
    model: { ...plain.model, prefix: '<s> ' },
    identities: [{ kind: 'dataset', id: 'd1', name: 'Words | colours', hash: 'ab12' }]
  })
  const context = { home: world.folder, threads: 1, signal: new AbortController().signal }
  await runStrategy(input, folder, runTools, {
    ...context,
    report: nothing,
    curve: nothing,
    log: nothing,
    paused: () => Promise.resolve()
  })
  return folder
}

async function exported(
  run: string,
  format: ExportFormat
): Promise<{ folder: string; output: JobOutput<'export-model'> }> {
  const folder = folderOf('exported')
  const input: JobInput<'export-model'> = {
    run: {
      runId: 'run-1',
      folder: run,
      base: {
        id: 'tiny',
        name: 'Tiny BART',
        folder: world.model,
        source: 'hub:somebody/tiny-bart *.json',
        licence: 'apache-2.0'
      },
      experiment: 'Words',
      scores: [{ target: 'naming', metric: 'em', value: 41.666, examples: 24 }],
      versions: { 'recross-lab': '0.1.0' }
    },
    format,
    installAs: null,
    passing: false
  }
  const output = await job.run({
    input,
    folder,
    home: world.folder,
    threads: 1,
    signal: new AbortController().signal,
    report: nothing,
    curve: nothing,
    log: nothing,
    paused: () => Promise.resolve()
  })
  return { folder, output }
}

/** Answers, and losses to the last digit. */
async function answers(options: LoadOptions) {
  const engine = await loadEngine({ ...options, provider: 'cpu', threads: 1 })
  try {
    const inputs = ['Which animal is this: owl?', 'Name the animal. It is a grey fox.', 'yak, a what?']
    const texts: string[] = []
    for await (const { index, text } of engine.generate(inputs, { beams: 3, maxNewTokens: 6 })) texts[index] = text
    const losses = await engine.losses(inputs.map((input) => ({ input, output: 'owl' })))
    return { texts, losses }
  } finally {
    await engine.close()
  }
}

describe('a tuned model as a model folder', () => {
  test.each<[string, Tune, string | null]>([
    ['all weights', { method: 'full' }, null],
    ['LoRA', { method: 'lora', loraRank: 4, loraAlpha: 8 }, null],
    ['LoRA in two stages', { method: 'lora', merge: 'two-stage' }, 'tuned-1']
  ])('computes what the run did: %s', async (_, tune, stage) => {
    const run = await tunedRun(tune)
    const { folder, output } = await exported(run, 'hf')
    const patch = join(run, stage === null ? 'tuned' : 'tuned-2', 'patch.safetensors')
    const base = stage === null ? world.model : join(run, stage)
    const [was, is, before] = [
      await answers({ folder: base, patch }),
      await answers({ folder }),
      await answers({ folder: world.model })
    ]
    expect(is).toEqual(was)
    expect(is.losses).not.toEqual(before.losses)
    expect(output.prefix).toBe('<s> ')
    expect(output.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'config.json', 'model.safetensors', 'tokenizer.json'])
    )
    // The lab takes it as a model; Transformers does not round it to half precision.
    expect(await inspectModel(folder, new AbortController().signal)).toMatchObject({ role: 'seq2seq' })
    expect(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))).toMatchObject({ torch_dtype: 'float32' })
  })

  test('says in its card where it comes from, in cells that names cannot break', async () => {
    const { folder } = await exported(await tunedRun({ method: 'full' }), 'hf')
    const card = readFileSync(join(folder, 'README.md'), 'utf8')
    expect(card).toMatch(/^---\nlicense: apache-2\.0\nbase_model: somebody\/tiny-bart\n/)
    for (const part of [
      'Words \\| colours | `ab12`',
      '| naming | em | 41.67 | 24 |',
      '`0.01`',
      'tokenizer("<s> " + "your question"',
      'recross-lab | 0.1.0'
    ])
      expect(card).toContain(part)
  })
})

describe('a tuned model as ONNX graphs', () => {
  test('answers by the script that comes along as the run does', async () => {
    const run = await tunedRun({ method: 'full', epochs: 25 })
    const { folder } = await exported(run, 'onnx')
    const engine = await loadEngine({ folder: world.model, patch: join(run, 'tuned', 'patch.safetensors'), threads: 1 })
    const { tokenizer } = await readModelFolder(world.model)
    const questions = ['<s> Which animal is this: owl?', '<s> Name the animal. It is a grey fox.', '<s> yak']
    // The folder stands alone: only ONNX Runtime is put beside it, as npm would.
    mkdirSync(join(folder, 'node_modules'))
    for (const name of ['onnxruntime-node', 'onnxruntime-common'])
      symlinkSync(join(projectFolder, 'node_modules', name), join(folder, 'node_modules', name))
    try {
      for await (const { index, text } of engine.generate(questions, { beams: 1, maxNewTokens: 6 })) {
        expect(text).not.toBe('')
        const ids = tokenizer.encode(questions[index]!)
        const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'answer.mjs'), ...ids.map(String)])
        expect(tokenizer.decode(stdout.trim().split(' ').map(Number), { skipSpecial: true })).toBe(text)
      }
    } finally {
      await engine.close()
    }
    const card = readFileSync(join(folder, 'README.md'), 'utf8')
    for (const file of ['encoder_model.onnx', 'decoder_model.onnx', 'decoder_with_past_model.onnx', 'answer.py'])
      expect(card).toContain(`| ${file} |`)
    for (const script of ['answer.mjs', 'answer.py'])
      expect(readFileSync(join(folder, script), 'utf8').trim().split('\n').length).toBeLessThanOrEqual(28)
  })
})

describe('a LoRA adapter as PEFT has it', () => {
  test('holds every pair under its module, with the scale in its config', async () => {
    const run = await tunedRun({ method: 'lora', loraRank: 4, loraAlpha: 6 })
    const { folder } = await exported(run, 'peft')
    const config = JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8')) as Record<string, unknown>
    expect(config).toMatchObject({
      peft_type: 'LORA',
      r: 4,
      lora_alpha: 6,
      base_model_name_or_path: 'somebody/tiny-bart'
    })
    const [ours, theirs] = [
      await openWeights(join(run, 'tuned', 'patch.safetensors')),
      await openWeights(join(folder, 'adapter_model.safetensors'))
    ]
    expect(theirs.names().length).toBeGreaterThan(0)
    expect([...theirs.names()].sort()).toEqual(
      ours
        .names()
        .map((name) => `base_model.model.${name}`)
        .sort()
    )
    for (const name of ours.names())
      expect(await theirs.read(`base_model.model.${name}`)).toEqual(await ours.read(name))
    const modules = new Set(ours.names().map((name) => name.replace(/\.lora_[AB]\.weight$/, '')))
    expect(config['target_modules']).toEqual([...modules].sort())
    await Promise.all([ours.close(), theirs.close()])
  })

  test.each<[string, Tune, RegExp]>([
    ['all weights were tuned', { method: 'full' }, /not tuned with LoRA/],
    ['the base model of the adapter is another', { method: 'lora', merge: 'two-stage' }, /two stages/]
  ])('is refused where %s', async (_, tune, message) => {
    await expect(exported(await tunedRun(tune), 'peft')).rejects.toThrow(message)
  })
})
