import { afterEach, expect, vi } from 'vitest'

/**
 * Every command that a screen makes in a component test is read by the real command line. A form that is not filled in yet
 * lacks options; whatever it names must be known and have a value that is taken.
 */
const lacking = 'required option'
/** One set for all files, as they share the module that adds to it (vitest.config.ts). */
const made = vi.hoisted(() => ((globalThis as { shownCommands?: Set<string> }).shownCommands ??= new Set<string>()))

vi.mock('../../src/renderer/src/state/shell.ts', async (original) => {
  const module = await original<typeof import('../../src/renderer/src/state/shell.ts')>()
  const labCommand: typeof module.labCommand = (...rest) => {
    const command = module.labCommand(...rest)
    made.add(command)
    return command
  }
  return { ...module, labCommand }
})

afterEach(async () => {
  if (made.size === 0) return
  const { complaintAbout } = await import('../hosts/parse-command.ts')
  for (const command of made) expect((await complaintAbout(command)) ?? lacking, command).toMatch(lacking)
  made.clear()
})
