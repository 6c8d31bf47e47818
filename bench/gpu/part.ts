/** One part of the report, in a process of its own: `node part.ts <name>` prints its rows as lines of JSON. */
import type { BenchResult } from '../suite.ts'
import { benchEmbedding, benchGeneration } from './answers.ts'
import { benchHalf } from './half.ts'
import { benchHalfParity, benchParity } from './parity.ts'
import { benchPlacement } from './placement.ts'
import { doneLine, type partNames } from './run-part.ts'
import { benchSelfTest } from './self-test.ts'
import { benchHalfStep, benchLarge, benchLora, benchPyTorch, benchStep } from './steps.ts'

type Report = (row: BenchResult) => void

const parts: Record<(typeof partNames)[number] | 'self-test', (report: Report) => Promise<void>> = {
  'self-test': benchSelfTest,
  parity: benchParity,
  'parity in fp16': benchHalfParity,
  placement: benchPlacement,
  'step bart-base': (report) => benchStep('bart-base', report),
  'step bart-base in fp16': (report) => benchHalfStep('bart-base', report),
  'step bart-large': (report) => benchStep('bart-large', report),
  'step bart-large in fp16': (report) => benchHalfStep('bart-large', report),
  'step t5-base': (report) => benchStep('t5-base', report),
  'step t5-base in fp16': (report) => benchHalfStep('t5-base', report),
  LoRA: benchLora,
  'T0-3B on 4-bit': (report) => benchLarge('4-bit', report),
  'T0-3B on 8-bit': (report) => benchLarge('8-bit', report),
  'half precision': benchHalf,
  embedding: benchEmbedding,
  generation: benchGeneration,
  PyTorch: benchPyTorch
}

const name = process.argv[2] as keyof typeof parts
await parts[name]((row) => process.stdout.write(`${JSON.stringify(row)}\n`))
// Devices are left as they are: bringing gigabytes back to free them would take longer than all the steps, and drivers have been seen
// to crash while they are taken down. What is behind this line is nobody's result.
process.stdout.write(`${doneLine}\n`, () => process.exit(0))
