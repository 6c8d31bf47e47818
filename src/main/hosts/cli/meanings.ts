import type { Argument, Command, Option } from 'commander'
import { forms, type Form } from './forms.ts'
import { kinds, type KindName } from './things-by-name.ts'

/**
 * What a word of the line is, told by the placeholder that stands for it in the command's usage: `<target>` is a target,
 * by id or name. What is done with each is done in one place for all commands (`words.ts`).
 */
export type Meaning =
  /** The id or name of a thing. */
  | { readonly is: 'thing'; readonly kind: KindName }
  /** A file that is read; `-` is the standard input. */
  | { readonly is: 'file' }
  /** `name=file`, the file being read; `name=-` reads the standard input. */
  | { readonly is: 'named-file' }
  /** A file that is written; `-` is the standard output. */
  | { readonly is: 'new-file' }
  /** Things, and last the file that is written; the command itself finds out what they are. */
  | { readonly is: 'things-and-new-file' }
  /** A folder that is written, new or empty. */
  | { readonly is: 'new-folder' }
  /** What no stream can take the place of: a folder, a file that is read again later, a place on another computer. */
  | { readonly is: 'no-stream'; readonly why: string }
  /** Text of a form, such as `setting=value`. */
  | { readonly is: 'form'; readonly form: Form }
  /** Anything else: a number, a choice, a text. */
  | { readonly is: 'text' }

const folder: Meaning = { is: 'no-stream', why: 'a folder is needed' }

const files: Readonly<Record<string, Meaning>> = {
  file: { is: 'file' },
  files: { is: 'file' },
  studies: { is: 'file' },
  'run=file': { is: 'named-file' },
  'new-file': { is: 'new-file' },
  'things-and-new-file': { is: 'things-and-new-file' },
  'new-folder': { is: 'new-folder' },
  folder,
  'folder-or-repository': folder,
  'ssh-file': { is: 'no-stream', why: 'ssh reads this file again and again' },
  'folder-there': { is: 'no-stream', why: 'a folder is needed, on the computer of the place' }
}

/** Words that name no thing of the lab and no file. A placeholder that stands nowhere here fails test/hosts/words.test.ts. */
export const plainPlaceholders: ReadonlySet<string> = new Set(
  (
    'address bits by character column count encoding entry-or-repository factor filter findings fingerprint ' +
    'format group host how kind lines licence measure megabytes metric metrics name names number ' +
    'patterns places precision preset queries questions revision round row split status strategies tags task template text tolerance value way what which words'
  ).split(' ')
)

/** `--targets <target...>` → `target`; null for an option that takes nothing. */
export function placeholderOf(word: Argument | Option): string | null {
  if ('flags' in word) return /[<[]([^>\].]+)(?:\.\.\.)?[>\]]/.exec(word.flags)?.[1] ?? null
  return word.name()
}

function meaningOf(word: Argument | Option): Meaning {
  const placeholder = placeholderOf(word) ?? ''
  if (Object.hasOwn(kinds, placeholder)) return { is: 'thing', kind: placeholder as KindName }
  const form = forms[placeholder]
  return files[placeholder] ?? (form === undefined ? { is: 'text' } : { is: 'form', form })
}

/** Every word that a command can be given, with what it is called in messages. */
export function wordsOf(command: Command): { word: Argument | Option; called: string; meaning: Meaning }[] {
  const named = (word: Argument | Option, called: string) => ({ word, called, meaning: meaningOf(word) })
  return [
    ...command.registeredArguments.map((argument) => named(argument, `<${argument.name()}>`)),
    ...command.options.map((option) => named(option, option.long ?? option.flags))
  ]
}
