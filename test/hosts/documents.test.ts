import { Command } from 'commander'
import { expect, test, vi } from 'vitest'
import type { Client } from '../../src/main/contract/client.ts'
import type { CommandContext } from '../../src/main/hosts/cli/command.ts'
import { addPredict } from '../../src/main/hosts/cli/predict.ts'
import { commandRunner } from '../../src/main/hosts/cli/run.ts'
import { Streams } from '../../src/main/hosts/cli/streams.ts'

/** A table for programs, with the line ends of CSV and with characters that no terminal should get. */
const csv = 'id,question,answer\r\n,"a\u001b[31m?",b\r\n'
const client = {
  models: {
    answer: () => Promise.resolve({ id: 'job' }),
    answers: () => Promise.resolve({ answers: [], file: { text: csv, encoding: 'text' } })
  }
} as unknown as Client

function programOf(): Command {
  return new Command('recross-lab').option('--home <folder>').option('--json').option('--quiet').exitOverride()
}

async function writtenBy(work: (context: CommandContext) => Promise<void> | void): Promise<string> {
  const program = programOf()
  const open = () => Promise.resolve({ client, close: () => Promise.resolve() })
  const run = commandRunner(program, { open, streams: () => new Streams() })
  program.command('say').action(run(async (context) => work(context)))
  const written: string[] = []
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((piece) => written.push(String(piece)) > 0)
  try {
    await program.parseAsync(['say'], { from: 'user' })
  } finally {
    spy.mockRestore()
  }
  return written.join('')
}

test('a document goes out as it stands, a text for people without what would steer a terminal', async () => {
  expect(await writtenBy(({ print }) => print([], csv, 'document'))).toBe(csv)
  expect(await writtenBy(({ print }) => print([], csv))).toBe('id,question,answer\\x0d\n,"a\\x1b[31m?",b\\x0d\n\n')
})

test('answers on the standard output are the same bytes as in a file', async () => {
  const program = programOf()
  let said: unknown[] = []
  const print = (...given: unknown[]) => void (said = given)
  const context = { client, print, follow: (job: unknown) => Promise.resolve(job) } as unknown as CommandContext
  addPredict(
    program,
    (work) =>
      (...rest) =>
        work(context, ...rest)
  )
  await program.parseAsync(['predict', 'run-1', 'questions.csv'], { from: 'user' })
  expect(said).toEqual([[], csv, 'document'])
})
