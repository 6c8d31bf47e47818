import type { Command } from 'commander'
import { LabError } from '../../contract/error.ts'
import { findHome } from '../../store/home.ts'

/** The home folder of --home, or where it is without. Throws `usage`. */
export function homeOf(program: Command): string {
  const { home } = program.opts<{ home?: string }>()
  if (home === '-') throw new LabError('usage', '--home cannot be "-": a folder is needed.')
  return findHome(home)
}
