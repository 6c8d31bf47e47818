/**
 * Ends the process with its exit code as soon as what it said is out: a stray handle must not keep a finished command alive, and a
 * pipe takes 64 KiB at a time, the rest of which an exit at once would throw away.
 */
export async function endProcess(): Promise<never> {
  // A reader that has gone away is told to the callback as well.
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => stream.write('', () => resolve()))
  process.exit()
}
