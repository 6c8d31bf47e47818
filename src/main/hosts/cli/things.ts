import type { Command } from 'commander'
import { LabError } from '../../contract/error.ts'
import type { Loss, Named, Thing, ThingKind } from '../../contract/things.ts'
import type { AddCommand, CommandContext, RunCommand } from './command.ts'
import { bytes, counted, table } from './table.ts'

const nouns: Record<ThingKind, string> = {
  dataset: 'a dataset',
  target: 'a target',
  model: 'a model',
  index: 'an index',
  mining: 'a mining',
  experiment: 'an experiment'
}

/** The verbs that everything has: rename, note, tag, archive, used, remove. */
export function addThingVerbs(group: Command, run: RunCommand, what: ThingKind): void {
  const noun = nouns[what]
  group
    .command(`rename <${what}> <name>`)
    .description(`give ${noun} another name`)
    .action(
      run(async ({ client, print }, id: string, name: string) => {
        print(await client.things.label({ what, id, name }), `It is called "${name}" now.`)
      })
    )
  group
    .command(`note <${what}> [text]`)
    .description(`write a note on ${noun}; without a text, read it`)
    .action(
      run(async ({ client, print }, id: string, note?: string) => {
        const label = await client.things.label({ what, id, note })
        print(label, label.note ?? 'No note.')
      })
    )
  group
    .command(`tag <${what}> [tags...]`)
    .description(`put tags on ${noun} in place of those that it has; without tags, take them off`)
    .action(
      run(async ({ client, print }, id: string, tags: string[]) => {
        const label = await client.things.label({ what, id, tags })
        print(label, label.tags.length === 0 ? 'No tags.' : label.tags.join(', '))
      })
    )
  for (const verb of ['archive', 'unarchive'] as const)
    group
      .command(`${verb} <${what}>`)
      .description(`${verb === 'archive' ? 'leave out of' : 'show again in'} the lists on the screens`)
      .action(
        run(async ({ client, print }, id: string) => {
          print(await client.things.label({ what, id, archived: verb === 'archive' }), 'Done.')
        })
      )
  group
    .command(`used <${what}>`)
    .description(`where ${noun} is used`)
    .action(
      run(async ({ client, print }, id: string) => {
        const used = await client.things.usedBy({ what, id })
        print(used, used.length === 0 ? 'Nowhere.' : listed(used))
      })
    )
  group
    .command(`remove <${what}>`)
    .description(`put ${noun} into the bin; "bin restore" brings it back`)
    .option('--yes', 'also where something goes with it or needs it', false)
    .option('--for-good', 'delete it at once and for ever', false)
    .action(
      run(async ({ client, print }, id: string, { yes, forGood }: { yes: boolean; forGood: boolean }) => {
        await agreed(client, { what, id }, yes)
        const binned = await client.things.remove({ what, id, forGood })
        const back =
          binned === null
            ? 'Deleted for good.'
            : `In the bin until ${binned.until.slice(0, 10)}; "bin restore ${binned.binId}" brings it back.`
        print({ removed: id, binned }, back)
      })
    )
}

/** `bin`: what was deleted and can still be brought back. */
export const addBin: AddCommand = (program, run) => {
  const bin = program.command('bin').description('what was deleted: list it, bring it back, delete it for good')
  bin
    .command('list', { isDefault: true })
    .description('what is in the bin')
    .action(
      run(async ({ client, print }) => {
        const all = await client.things.bin()
        const rows = all.map((one) => [one.binId, one.what, bytes(one.bytes), one.until.slice(0, 10), one.name])
        print(
          all,
          all.length === 0 ? 'The bin is empty.' : table(['bin id', 'what', 'size', 'until', 'name'], rows, ['size'])
        )
      })
    )
  bin
    .command('restore <bin-id>')
    .description('bring back something, with what was deleted with it')
    .action(
      run(async ({ client, print }, binId: string) => {
        const back = await client.things.restore({ binId })
        print(back, `The ${back.what} is back: ${back.id}`)
      })
    )
  bin
    .command('empty [bin-id...]')
    .description('delete for good; without ids everything in the bin')
    .option('--yes', 'needed: this cannot be undone', false)
    .action(
      run(async ({ client, print }, binIds: string[], { yes }: { yes: boolean }) => {
        const all = await client.things.bin()
        const meant = binIds.length === 0 ? all : all.filter(({ binId }) => binIds.includes(binId))
        if (!yes && meant.length > 0)
          throw new LabError(
            'needs-agreement',
            `This deletes for good: ${meant.map(({ name }) => name).join(', ')}. Add --yes to do so.`,
            { details: { binIds: meant.map(({ binId }) => binId) } }
          )
        const freed = await client.things.emptyBin({ binIds: binIds.length === 0 ? null : binIds })
        print(freed, `Freed ${bytes(freed.bytes)}.`)
      })
    )
}

/** Throws has-dependants, with what would go and what would stay, unless the user has agreed. */
async function agreed(client: CommandContext['client'], thing: Thing, yes: boolean): Promise<void> {
  const loss = await client.things.loss(thing)
  if (yes || (loss.lost.length === 0 && loss.kept.length === 0 && loss.copies.files.length === 0)) return
  throw new LabError('has-dependants', `${inWords(loss)}\nAdd --yes to delete it.`, { details: { ...loss } })
}

function inWords({ name, lost, kept, copies }: Loss): string {
  const parts = [`"${name}" is deleted.`]
  if (lost.length > 0) parts.push(`With it go ${counted(lost.length, 'thing', 'things')}:\n${listed(lost)}`)
  if (kept.length > 0) parts.push(`These stay readable, and cannot be repeated without it:\n${listed(kept)}`)
  if (copies.files.length > 0)
    parts.push(
      `For good, also where the rest goes into the bin: ${counted(copies.files.length, 'copy', 'copies')} of files that were handed over for it (${bytes(copies.bytes)}): ${copies.files.join(', ')}`
    )
  return parts.join('\n')
}

function listed(things: readonly Named[]): string {
  return things.map(({ kind, name }) => `  ${kind}: ${name}`).join('\n')
}
