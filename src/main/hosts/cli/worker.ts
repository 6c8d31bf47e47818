import type { Command } from 'commander'
import { spawn } from 'node:child_process'
import { placePrograms } from '../place-programs.ts'

/** `worker`: runs the job of a folder, anywhere, without a lab around it. */
export function addWorker(program: Command): void {
  program
    .command('worker <folder>')
    .description('run the job folder of a lab, or go on with it')
    .addHelpText('after', codes)
    .action(async (folder: string, _options: object, command: Command) => {
      if (folder === '-') command.error('error: <folder> cannot be "-": a folder is needed.')
      const { node, worker } = placePrograms()
      process.exitCode = await new Promise<number>((resolve) => {
        const child = spawn(node, [worker, folder], { stdio: 'inherit' })
        for (const signal of ['SIGUSR1', 'SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal))
        child.on('error', ({ message }) => {
          process.stderr.write(`${node} could not be started: ${message}\n`)
          resolve(1)
        })
        child.on('close', (code) => resolve(code ?? 1))
      })
    })
}

const codes = `
The folder tells all: job.json, inputs in ../../objects, progress.jsonl, result.json or error.json.
SIGUSR1, or a file "pause" in it: save and hand back. SIGTERM: stop. A file "cancel": end for good.
Exit codes: 0 done, 1 failed (error.json says why), 75 put me back into the queue, 143 stopped.`
