import { existsSync, readdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Client } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import { newPath } from './files.ts'
import { wordsOf } from './meanings.ts'
import type { Streams } from './streams.ts'
import { idOf } from './things-by-name.ts'

/** What commander calls an action with: the arguments, the options, and last the command. */
type Given = readonly unknown[]

/**
 * What is wrong with a command's words can be told before a lab is open: a stream where none can be, two things from one
 * standard input, a file that would be overwritten, text that has not the form that it must have. Throws `usage`, `file-exists`, `folder-taken`.
 */
export async function checkWords(given: Given): Promise<void> {
  const force = (given.at(-2) as { force?: boolean }).force === true
  const reading: string[] = []
  await changed(given, (word, { meaning, called }) => {
    const stream = word === '-' || (meaning.is === 'named-file' && word.endsWith('=-'))
    if (stream && meaning.is === 'no-stream') throw new LabError('usage', `${called} cannot be "-": ${meaning.why}.`)
    if (stream && meaning.is === 'new-folder')
      throw new LabError('usage', `${called} cannot be "-": a folder is written.`)
    if (stream && (meaning.is === 'file' || meaning.is === 'named-file')) reading.push(called)
    if (meaning.is === 'form' && !meaning.form.fits(word))
      throw new LabError('usage', `"${word}" is no ${meaning.form.called}. Write ${called} ${meaning.form.example}.`)
    if (meaning.is === 'named-file' && !/^[^=]+=[^]+$/.test(word))
      throw new LabError('usage', `"${word}" names no file. Write ${called} as name=file.`)
    if (!stream && meaning.is === 'new-file') newPath(word, force)
    if (meaning.is === 'new-folder') newFolder(word)
    return word
  })
  if (reading.length > 1)
    throw new LabError('usage', `Only one thing can come from the standard input, not ${reading.join(' and ')}.`)
}

/** Ids in place of names, whole paths in place of files. Throws `not-found`, `name-ambiguous`. */
export function readWords<T extends Given>(given: T, client: Client, streams: Streams): Promise<T> {
  return changed(given, async (word, { meaning }) => {
    switch (meaning.is) {
      case 'thing':
        return idOf(client, meaning.kind, word)
      case 'file':
        return word === '-' ? streams.input() : resolve(word)
      case 'named-file':
        return word.endsWith('=-') ? `${word.slice(0, -1)}${await streams.input()}` : word
      case 'new-file':
        return word === '-' ? word : resolve(word)
      case 'new-folder':
        return resolve(word)
      default:
        return word
    }
  })
}

type Change = (word: string, about: ReturnType<typeof wordsOf>[number]) => string | Promise<string>

/** The words with what `change` makes of each that has a meaning. */
async function changed<T extends Given>(given: T, change: Change): Promise<T> {
  const command = given.at(-1) as Command
  const abouts = wordsOf(command)
  const changedOne = async (value: unknown, about: (typeof abouts)[number]): Promise<unknown> => {
    if (about.meaning.is === 'text') return value
    if (typeof value === 'string') return change(value, about)
    if (!Array.isArray(value)) return value
    const all: unknown[] = []
    for (const one of value as unknown[]) all.push(await changedOne(one, about))
    return all
  }
  const words: unknown[] = [...given]
  const options: Record<string, unknown> = { ...(given.at(-2) as object) }
  for (const [at, about] of abouts.entries()) {
    if (!('flags' in about.word)) words[at] = await changedOne(words[at], about)
    else {
      const name = about.word.attributeName()
      if (options[name] !== undefined) options[name] = await changedOne(options[name], about)
    }
  }
  return [...words.slice(0, -2), options, command] as unknown as T
}

/** Throws `folder-taken` where something is in the folder. */
function newFolder(path: string): void {
  const whole = resolve(path)
  if (!existsSync(whole) || (statSync(whole).isDirectory() && readdirSync(whole).length === 0)) return
  throw new LabError('folder-taken', `There is something at ${whole} already. Choose a new or empty folder.`, {
    details: { path: whole }
  })
}
