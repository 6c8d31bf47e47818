import type { Command } from 'commander'
import { openWindow } from '../browser.ts'
import { guard } from '../guard.ts'
import { serve, untilInterrupted } from '../server/serve.ts'
import { homeOf } from './home-option.ts'
import { printError } from './run.ts'
import { wholeNumber } from './numbers.ts'

/** `serve`: the lab in a browser, until Ctrl-C. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serve the lab to a browser on this machine, until Ctrl-C')
    .option('--port <port>', 'port to listen on; any free one by default', wholeNumber(0, 65_535), 0)
    .option('--host <address>', 'loopback address to bind', '127.0.0.1')
    .option('--open', 'open a window', false)
    .action(async ({ port, host, open }: { port: number; host: string; open: boolean }) => {
      const { json = false } = program.opts<{ json?: boolean }>()
      try {
        const { server, lab } = await serve({ home: homeOf(program), port, host })
        guard(() => lab.close())
        const address = server.newEntrance()
        process.stdout.write(json ? `${JSON.stringify({ address, pid: process.pid })}\n` : `${address}\n`)
        if (open) process.stderr.write(`${openWindow(address, lab.home.path)}\n`)
        await untilInterrupted()
        await lab.close()
      } catch (error) {
        process.exitCode = printError(error, json)
      }
    })
}
