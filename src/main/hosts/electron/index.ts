import * as electron from 'electron'
import { guard } from '../guard.ts'
import { startDesktop } from './desktop.ts'

/** Electron's main process. Everything heavy is in workers; here are short handlers only. */
void startDesktop(electron, process.argv.slice(1)).then((lab) => {
  if (lab !== null)
    guard(
      () => lab.close(),
      (code) => electron.app.exit(code)
    )
})
