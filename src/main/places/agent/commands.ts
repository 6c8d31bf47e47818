import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { ownOptions } from '../../contract/sbatch-options.ts'

/** The programs of Slurm, by name and with their arguments one by one: no shell reads them. Both give what was written, or throw. */
export interface Commands {
  /** Nothing else happens in this process meanwhile. */
  now(program: string, args: readonly string[]): string
  soon(program: string, args: readonly string[]): Promise<string>
  /** Milliseconds of a clock that nobody sets. */
  clock(): number
}

const run = promisify(execFile)
/**
 * What a user has set for Slurm's programs in a terminal is not for the lab: a filter of squeue would hide jobs from it, another form of
 * times or a wait of sbatch mislead it. What says which account or partition is charged stays.
 */
export function ownEnvironment(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.keys(ownOptions).filter((name) => ownOptions[name] !== 'field')
  const sbatch = new Set(['array-inx', ...own].map((name) => `SBATCH_${name.toUpperCase().replaceAll('-', '_')}`))
  const isTheirs = (name: string) =>
    /^(SQUEUE|SINFO|SACCT|SCANCEL|SCONTROL)_/.test(name) || name === 'SLURM_TIME_FORMAT' || sbatch.has(name)
  return Object.fromEntries(Object.entries(given).filter(([name]) => !isTheirs(name)))
}

const limits = () => ({ timeout: 60_000, maxBuffer: 64 << 20, env: ownEnvironment(process.env) })

export const installedCommands: Commands = {
  clock: () => performance.now(),
  now: (program, args) =>
    execFileSync(program, args, { ...limits(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
  // What sbatch says of a job that it only tries goes to its error output.
  soon: async (program, args) => {
    const { stdout, stderr } = await run(program, [...args], limits())
    return stdout === '' ? stderr : stdout
  }
}
