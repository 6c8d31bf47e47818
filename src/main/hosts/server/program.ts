import { parseArgs } from 'node:util'
import { LabError, messageOf } from '../../contract/error.ts'
import { findHome, HomeFolder } from '../../store/home.ts'
import { readHolder } from '../../store/home-lock.ts'
import { openWindow } from '../browser.ts'
import { requestEntrance } from '../connect.ts'
import { guard } from '../guard.ts'
import { serve, untilInterrupted } from './serve.ts'

/** The browser host as a program of its own: what `npm start` runs where there is no Electron. */
const values = askedFor()
const home = findHome(values.home)

try {
  const token = process.env['RECROSS_LAB_TOKEN']
  const { server, lab } = await serve({ home, port: Number(values.port), page: values.page, token })
  guard(() => lab.close())
  show(server.newEntrance())
  await untilInterrupted()
  await lab.close()
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  if (!(await openHolder(error))) process.exitCode = 1
}
// A stray handle must not keep a closed lab alive.
process.exit()

function show(address: string): void {
  process.stdout.write(`${address}\n`)
  if (values.open) process.stdout.write(`${openWindow(address, home)}\n`)
}

/** A second `npm start` shows the lab that is already there. */
async function openHolder(error: unknown): Promise<boolean> {
  if (!(error instanceof LabError) || error.code !== 'home-in-use' || !values.open) return false
  const holder = readHolder(new HomeFolder(home))
  if (holder?.address == null || holder.token === null) return false
  show(await requestEntrance(holder.address, holder.token))
  return true
}

function askedFor() {
  try {
    const options = {
      home: { type: 'string' },
      port: { type: 'string', default: '0' },
      page: { type: 'string' },
      open: { type: 'boolean', default: false }
    } as const
    return parseArgs({ options }).values
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\nOptions: --home <folder>, --port <number>, --open\n`)
    process.exit(2)
  }
}
