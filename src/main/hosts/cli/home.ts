import { LabError } from '../../contract/error.ts'
import type { AddCommand } from './command.ts'
import { bytes, table } from './table.ts'

/** `home`: what the home folder holds, and what of it nothing needs. */
export const addHome: AddCommand = (program, run) => {
  const home = program.command('home').description('look at the home folder, and free what nothing needs')

  home
    .command('show', { isDefault: true })
    .description('what takes how much')
    .action(
      run(async ({ client, print }) => {
        const usage = await client.lab.usage()
        const rows = usage.places.map(({ name, items, bytes: size }) => [name, String(items), bytes(size)])
        const all = table(['place', 'items', 'size'], rows, ['items', 'size'])
        const freeable = usage.freeableBytes > 0 ? ` "home clean" frees ${bytes(usage.freeableBytes)}.` : ''
        const days = usage.rules.map(({ rule, days }) => `${rule} ${days}`).join(', ')
        const rules = `By itself goes what nothing needs, after days: ${days}. Change with "settings set".`
        print(usage, `${usage.path}\n${all}\n${bytes(usage.bytes)} in all.${freeable}\n${rules}`)
      })
    )

  home
    .command('verify')
    .description('read everything in the home and compare it with the hashes that were written down when it came to be')
    .action(
      run(async ({ client, print, signal }) => {
        const found = await client.lab.verify({}, { signal })
        const bad = found.items.filter(({ state }) => state !== 'whole')
        const rows = bad.map(({ kind, name, state, problem, advice }) => [
          kind,
          name,
          state,
          [problem, advice].filter((said) => said !== null).join('. ')
        ])
        const all = `${found.whole} of ${found.items.length} things are whole.`
        print(found, rows.length === 0 ? all : `${table(['what', 'name', 'state', 'problem'], rows)}\n${all}`)
        const damaged = bad.filter(({ state }) => state !== 'unknown')
        if (damaged.length > 0) throw new LabError('home-damaged', `${damaged.length} things are damaged or missing.`)
      })
    )

  home
    .command('clean')
    .description('delete what nothing needs any more: left-over copies, working folders, half of what was not finished')
    .option('--dry-run', 'only say what would be deleted', false)
    .action(
      run(async ({ client, print }, { dryRun }: { dryRun: boolean }) => {
        const found = await client.lab.clean({ dryRun })
        const rows = found.items.map(({ path, bytes: size, why }) => [path, bytes(size), why])
        const said = found.deleted ? 'Freed' : 'Would free'
        const list = rows.length === 0 ? '' : `${table(['what', 'size', 'why'], rows, ['size'])}\n`
        print(found, rows.length === 0 ? 'Nothing is left over.' : `${list}${said} ${bytes(found.bytes)}.`)
      })
    )
}
