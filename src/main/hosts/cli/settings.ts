import { LabError } from '../../contract/error.ts'
import { settingsSchema, type Settings } from '../../contract/settings.ts'
import type { AddCommand } from './command.ts'
import { nearestName } from '../../naming/nearest-name.ts'
import { wholeNumber } from './numbers.ts'
import { parseValue } from './set-values.ts'
import { table } from './table.ts'

/** `settings`: look at them and change them. */
export const addSettings: AddCommand = (program, run) => {
  const settings = program.command('settings').description('look at settings and change them')

  settings
    .command('show', { isDefault: true })
    .description('all settings')
    .action(run(async ({ client, print }) => show(print, await client.lab.settings())))

  settings
    .command('set <name> <value>')
    .description('change one, e.g. set provider cpu; null clears it')
    .action(
      run(async ({ client, print }, name: string, value: string) => {
        show(print, await client.lab.saveSettings({ [name]: parsed(name, value) }))
      })
    )

  settings
    .command('requests')
    .description('every request that has left this computer: when, where to, and what came back')
    .option('--most <number>', 'of the newest', wholeNumber(1, 100_000), 200)
    .action(
      run(async ({ client, print }, { most }: { most: number }) => {
        const sent = await client.lab.requests({ most })
        const rows = sent.requests.map(({ time, host, path, token, status }) => [
          time,
          host,
          path,
          status === null ? 'no answer' : String(status),
          token ? 'with token' : ''
        ])
        const text =
          sent.all === 0 ? 'Nothing has ever left this computer.' : table(['time', 'host', 'path', 'answer', ''], rows)
        print(sent, sent.all > rows.length ? `${text}\n${sent.all} in all.` : text)
      })
    )

  settings
    .command('token')
    .description('keep the Hugging Face token in HF_TOKEN in plain text in the home folder, or forget it')
    .option('--forget', 'forget the token', false)
    .action(
      run(async ({ client, print }, { forget }: { forget: boolean }) => {
        const token = forget ? null : (process.env['HF_TOKEN'] ?? null)
        if (token === null && !forget) throw new LabError('no-token', 'Put the token into the variable HF_TOKEN first.')
        show(print, await client.lab.saveToken({ token, plain: true }))
      })
    )
}

/** A value as its type wants it: numbers, true, false and null are not text, except where the setting is text. */
function parsed(name: string, value: string): unknown {
  if (!(name in settingsSchema.shape)) {
    const names = Object.keys(settingsSchema.shape)
    const near = nearestName(name, names)
    const advice = near === null ? `Use one of: ${names.join(', ')}.` : `Did you mean "${near}"?`
    throw new LabError('no-such-setting', `There is no setting "${name}". ${advice}`)
  }
  const read = parseValue(value)
  const checked = settingsSchema.shape[name as keyof Settings].safeParse(read)
  if (checked.success) return read
  throw new LabError('bad-option', `"${value}" does not fit "${name}". ${checked.error.issues[0]!.message}.`)
}

function show(print: (data: unknown, text: string) => void, settings: Settings): void {
  const rows = Object.entries(settings).map(([name, value]) => [name, String(value)])
  print(settings, table(['setting', 'value'], rows))
}
