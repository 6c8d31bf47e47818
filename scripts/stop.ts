/** Ends a script that cannot go on, and says why; without the full stop. */
export function stop(reason: string): never {
  process.stderr.write(`${reason}.\n`)
  process.exit(1)
}
