import { strategyNames } from '../../contract/strategies.ts'

/** A word that is text of a form: what it must be, and how one writes it. */
export interface Form {
  readonly fits: (word: string) => boolean
  /** Behind "is no": what it should be. */
  readonly called: string
  readonly example: string
}

/** `name=something`; both sides are there. */
const assigned = (word: string): boolean => /^[^=\s][^=]*=[^]+$/.test(word)
const listed = (word: string): boolean => assigned(word) && word.split('=')[1]!.split(',').every(Boolean)

/** By placeholder. What does not fit is wrong usage, told before a lab is open. */
export const forms: Readonly<Record<string, Form>> = {
  'setting=value': { fits: assigned, called: 'setting with its value', example: 'tune.learningRate=1e-4' },
  'path=value': { fits: assigned, called: 'setting with its value', example: 'sets=200' },
  'setting=values': { fits: isSweep, called: 'setting with values', example: 'retrieval.budget=64,256,1024' },
  'label=words': { fits: listed, called: 'label with words', example: 'yes=true,correct' },
  'number=words': {
    fits: (word) => word.split(',').every(assigned),
    called: 'list of numbers with words',
    example: '0=no,1=yes'
  },
  pairs: { fits: isPair, called: 'comparison of two strategies', example: 'semantic:random' },
  regex: { fits: isPattern, called: 'regular expression', example: '"answer: (.*)"' },
  options: { fits: (word) => /^--?[A-Za-z]/.test(word), called: 'option of Slurm', example: '--constraint=avx512' }
}

function isSweep(word: string): boolean {
  if (!assigned(word)) return false
  const list = word.slice(word.indexOf('=') + 1)
  if (!list.startsWith('[')) return list.split(',').every(Boolean)
  try {
    return (JSON.parse(list) as unknown[]).length > 0
  } catch {
    return false
  }
}

function isPair(word: string): boolean {
  const [strategy, against, ...more] = word.split(':')
  return more.length === 0 && [strategy, against].every((name) => strategyNames.some((one) => one === name))
}

function isPattern(word: string): boolean {
  try {
    return new RegExp(word.replaceAll('{answer}', 'answer'), 'u').unicode
  } catch {
    return false
  }
}
