import type { Command } from 'commander'
import { LabError } from '../../contract/error.ts'
import { HomeFolder } from '../../store/home.ts'
import { readHolder } from '../../store/home-lock.ts'
import { openWindow } from '../browser.ts'
import { requestEntrance } from '../connect.ts'
import { homeOf } from './home-option.ts'
import { printError } from './run.ts'

/** `open`: a new address for a browser, to the lab that is open already. */
export function addOpen(program: Command): void {
  program
    .command('open')
    .description('open the lab that is running in a browser: another one, or one that has lost its pass')
    .option('--no-window', 'only print the address, which lets one browser in, once, within ten minutes')
    .action(async ({ window }: { window: boolean }) => {
      const { json = false } = program.opts<{ json?: boolean }>()
      try {
        const home = homeOf(program)
        const holder = readHolder(new HomeFolder(home))
        if (holder?.address == null || holder.token === null) throw notRunning(home)
        const address = await requestEntrance(holder.address, holder.token)
        process.stdout.write(json ? `${JSON.stringify({ address })}\n` : `${address}\n`)
        if (window) process.stderr.write(`${openWindow(address, home)}\n`)
      } catch (error) {
        process.exitCode = printError(error, json)
      }
    })
}

function notRunning(home: string): LabError {
  return new LabError(
    'not-running',
    `No lab is running on the home folder ${home}. Start it with "serve --open", or name its home with --home.`,
    { details: { home } }
  )
}
