/** Which operators of a training step, an embedding and an answer the device left to the processor. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RoundedWeights } from '../../src/main/contract/base-weights.ts'
import { GraphSession } from '../../src/main/engine/session.ts'
import { plain, type BenchResult } from '../suite.ts'
import { makeBench } from '../training-model.ts'
import { answersOf, vectorsOf } from './answers.ts'

const works: Record<string, () => Promise<void>> = {
  'a training step': async () => {
    const { device, feeds } = await makeBench('bart-small', {}, 'webgpu')
    await device.accumulate({ feeds, step: 0, part: 0 })
    await device.update({ step: 1, learningRate: 1e-4, scale: 1 })
  },
  'a LoRA step on 4-bit': () => roundedStep('4-bit'),
  'a LoRA step on 8-bit': () => roundedStep('8-bit'),
  embedding: async () => {
    await vectorsOf('webgpu', 4)
  },
  generation: async () => {
    await answersOf('webgpu', { rows: 2, tokens: 3 })
  }
}

async function roundedStep(base: RoundedWeights): Promise<void> {
  const { device, feeds } = await makeBench(
    't5-small',
    { method: 'lora', lora: { rank: 8, alpha: 16 } },
    'webgpu',
    base
  )
  await device.accumulate({ feeds, step: 0, part: 0 })
  await device.update({ step: 1, learningRate: 1e-4, scale: 1 })
}

export async function benchPlacement(report: (row: BenchResult) => void): Promise<void> {
  for (const [name, work] of Object.entries(works)) {
    const counts = await placementOf(work)
    const left = Object.entries(counts['CPUExecutionProvider'] ?? {})
    const all = Object.values(counts).flatMap((ops) => Object.values(ops))
    const share = left.reduce((sum, [, count]) => sum + count, 0)
    const detail = left.map(([op, count]) => `${op} (${count})`).join(', ') || 'none'
    const of = all.reduce((sum, count) => sum + count, 0)
    report(plain(`operators left to the processor, ${name}`, share, `of ${of}`, detail))
  }
}

interface ProfileEvent {
  cat: string
  name: string
  args?: { op_name?: string; provider?: string }
}

/** Runs of operators by provider and kind, from the runtime's own profile. */
async function placementOf(work: () => Promise<void>): Promise<Record<string, Record<string, number>>> {
  const folder = mkdtempSync(join(tmpdir(), 'recross-placement-'))
  const sessions: GraphSession[] = []
  const create = GraphSession.create.bind(GraphSession)
  GraphSession.create = async (graph, options) => {
    const session = await create(graph, { ...options, profile: join(folder, graph.name) })
    sessions.push(session)
    return session
  }
  try {
    await work()
    for (const session of sessions) session.endProfile()
    const counts: Record<string, Record<string, number>> = {}
    for (const file of readdirSync(folder)) {
      for (const { cat, name, args } of JSON.parse(readFileSync(join(folder, file), 'utf8')) as ProfileEvent[]) {
        if (cat !== 'Node' || !name.endsWith('_kernel_time') || !args?.op_name || !args.provider) continue
        const ops = (counts[args.provider] ??= {})
        ops[args.op_name] = (ops[args.op_name] ?? 0) + 1
      }
    }
    return counts
  } finally {
    GraphSession.create = create
    rmSync(folder, { recursive: true })
  }
}
