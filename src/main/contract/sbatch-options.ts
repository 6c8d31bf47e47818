import { LabError } from './error.ts'

/** Why an option of sbatch is not taken among a place's further options. */
export type Refusal = 'form' | 'several' | 'finds' | 'files' | 'turns' | 'shape' | 'mode' | 'field'

export interface RefusedOption {
  /** As it was written. */
  written: string
  /** The option's full name, with two dashes; null where what was written is none. */
  option: string | null
  /** Why it is refused. */
  why: Refusal
}

/** Options that the lab sets itself, or that would take its jobs out of its sight, and what each of them is to it. */
export const ownOptions: Readonly<Record<string, Exclude<Refusal, 'form' | 'several'>>> = {
  // By these it finds its jobs again.
  array: 'finds',
  clusters: 'finds',
  comment: 'finds',
  'job-name': 'finds',
  parsable: 'finds',
  // Where a job reads and writes.
  chdir: 'files',
  error: 'files',
  input: 'files',
  'open-mode': 'files',
  output: 'files',
  // When it begins, is told of its end, and goes on.
  dependency: 'turns',
  hold: 'turns',
  'kill-on-invalid-dep': 'turns',
  'no-requeue': 'turns',
  requeue: 'turns',
  signal: 'turns',
  // A job is one process on one node.
  nodes: 'shape',
  ntasks: 'shape',
  'ntasks-per-core': 'shape',
  'ntasks-per-gpu': 'shape',
  'ntasks-per-node': 'shape',
  'ntasks-per-socket': 'shape',
  // With these sbatch does something else than to hand in the lab's script and to come back.
  help: 'mode',
  'test-only': 'mode',
  usage: 'mode',
  version: 'mode',
  wait: 'mode',
  wrap: 'mode',
  // They have fields of their own.
  account: 'field',
  'cpus-per-task': 'field',
  mem: 'field',
  'mem-per-cpu': 'field',
  'mem-per-gpu': 'field',
  partition: 'field',
  time: 'field'
}

/** sbatch's letters, and what they stand for. */
export const letters: Readonly<Record<string, string>> = {
  ...{ A: 'account', B: 'extra-node-info', C: 'constraint', D: 'chdir', F: 'nodefile', G: 'gpus', H: 'hold' },
  ...{ J: 'job-name', L: 'licenses', M: 'clusters', N: 'nodes', O: 'overcommit', Q: 'quiet', S: 'core-spec' },
  ...{ V: 'version', W: 'wait', a: 'array', b: 'begin', c: 'cpus-per-task', d: 'dependency', e: 'error' },
  ...{ h: 'help', i: 'input', k: 'no-kill', m: 'distribution', n: 'ntasks', o: 'output', p: 'partition' },
  ...{ q: 'qos', s: 'oversubscribe', t: 'time', u: 'usage', v: 'verbose', w: 'nodelist', x: 'exclude' }
}

/**
 * One option in any way that sbatch, or a `#SBATCH` line of a script, would have it (`--qos=long`, `--qos long`, `-qlong`, `-q long`),
 * as `--name=value`; or why it is none that a place may have. What getopt takes for a longer name counts as that one: `--comm=x`.
 */
export function readOption(text: string): string | RefusedOption {
  const written = text.trim()
  const refused = (why: Refusal, option: string | null = null): RefusedOption => ({ written, option, why })
  const bare = written.replace(/^#SBATCH\s+/, '')
  const long = /^--([a-z][a-z0-9-]*)(?:(?:=|\s+)([^\0\n\r]*))?$/i.exec(bare)
  const short = /^-([a-z])(?:\s+|=)?([^\0\n\r]*)$/i.exec(bare)
  const name = long === null ? letters[short?.[1] ?? ''] : long[1]
  if (name === undefined) return refused('form')
  const own = Object.keys(ownOptions).find((one) => one === name) ?? Object.keys(ownOptions).find(startsWith(name))
  if (own !== undefined) return refused(ownOptions[own]!, `--${own}`)
  const value = (long === null ? short?.[2] : long[2])?.trim() ?? ''
  const quoted = /^(["'])(.*)\1$/.exec(value)
  // What comes after it on the line would be taken for a part of its value.
  if (quoted === null && /\s-/.test(value)) return refused('several', `--${name}`)
  const meant = quoted === null ? value : quoted[2]!
  return meant === '' ? `--${name}` : `--${name}=${meant}`
}

/** All of them as `--name=value`. Throws `bad-slurm-option` for the first that a place may not have. */
export function readOptions(lines: readonly string[]): string[] {
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const read = readOption(line)
      if (typeof read === 'string') return read
      const { option, written } = read
      throw new LabError('bad-slurm-option', sentences[read.why](option ?? written, written), {
        details: { option: option ?? written }
      })
    })
}

const startsWith = (name: string) => (one: string) => one.startsWith(name)

const sentences: Readonly<Record<Refusal, (option: string, written: string) => string>> = {
  form: (option) =>
    `"${option}" is no option of sbatch. Write one a line, as --option=value, for instance --constraint=avx512.`,
  several: (option, written) =>
    `"${written}" holds more than the option ${option}. Write one option a line; a value with blanks goes in quotation marks.`,
  finds: (option) => `${option} cannot be set: by it the lab finds its own jobs in Slurm's queue. Leave it out.`,
  files: (option) =>
    `${option} cannot be set: the lab says where its jobs read and write, and brings their log here. Leave it out.`,
  turns: (option) =>
    `${option} cannot be set: the lab says itself when its jobs begin, are warned of their end, and go on. Leave it out.`,
  shape: (option) =>
    `${option} cannot be set: each job of the lab is one process on one node. Set its cores, and leave this out.`,
  mode: (option) => `${option} cannot be set: with it sbatch does not hand the lab's jobs in as it must. Leave it out.`,
  field: (option) => `${option} has a field of its own at the place: ${fields[option.slice(2)]}. Set it there.`
}

/** The place's fields that stand for options, as the command line calls them. */
const fields: Readonly<Record<string, string>> = {
  account: 'account (--account)',
  'cpus-per-task': 'cores of a job (--threads)',
  mem: 'memory of a job (--memory)',
  'mem-per-cpu': 'memory of a job (--memory)',
  'mem-per-gpu': 'memory of a job (--memory)',
  partition: 'partition (--partition)',
  time: 'time limit (--minutes)'
}
