import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

/** The programs of Slurm, by name and with their arguments one by one: no shell reads them. Both give what was written, or throw. */
export interface Commands {
  /** Nothing else happens in this process meanwhile. */
  now(program: string, args: readonly string[]): string
  soon(program: string, args: readonly string[]): Promise<string>
  /** Milliseconds of a clock that nobody sets. */
  clock(): number
}

const run = promisify(execFile)
const limits = { timeout: 60_000, maxBuffer: 64 << 20 }

export const installedCommands: Commands = {
  clock: () => performance.now(),
  now: (program, args) =>
    execFileSync(program, args, { ...limits, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
  // What sbatch says of a job that it only tries goes to its error output.
  soon: async (program, args) => {
    const { stdout, stderr } = await run(program, [...args], limits)
    return stdout === '' ? stderr : stdout
  }
}
