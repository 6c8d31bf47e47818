import { homedir, hostname, tmpdir, userInfo } from 'node:os'

/** Of folders that are called the same on every machine the path stays; another goes, with the rest of its line. */
const path =
  /(?<![\p{L}\p{N}_])((?:\/usr\/(?:lib|bin|share)|\/lib|\/lib64|c:\\windows\\system32)[\\/][^\s'"`:,;()]*)|<folder>.*|(?<![\p{L}\p{N}_])(?:file:\/\/|[a-z]:[\\/]|\\|~[\\/]|\.{0,2}\/).*/giu

/**
 * A sentence of this machine without what tells whose machine it is: tokens, addresses, names of the user and the computer,
 * and paths. Nobody can tell where a path with spaces or quotes ends, so that what stands behind it in its line goes as well.
 */
export function redacted(text: string, { folders, secrets }: { folders: string[]; secrets: string[] }): string {
  let left = text
  for (const secret of secrets) if (secret.length >= 4) left = left.replaceAll(secret, '<hidden>')
  left = left.replace(/hf_\w+/g, '<hidden>').replace(/\b(?!file:)[a-z][a-z0-9+.-]*:\/\/\S*/gi, '<address>')
  const known = [...folders, homedir(), tmpdir(), process.cwd()].filter((folder) => folder.length > 3)
  for (const folder of known.toSorted((a, b) => b.length - a.length)) left = left.replaceAll(folder, '<folder>')
  left = left.replace(path, (_, kept?: string) => kept ?? '<path>')
  for (const name of [userName(), hostname()]) if (name.length >= 3) left = withoutWord(left, name)
  return left
}

/** Where the name stands as a word: a short one may be part of others. */
function withoutWord(text: string, word: string): string {
  return text.replace(new RegExp(`(?<!\\w)${word.replace(/[^\w]/g, '\\$&')}(?!\\w)`, 'gi'), '<name>')
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A user without an entry in the system's list.
    return ''
  }
}
