import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AlarmCount } from './alarms.ts'
import type { PowerCount } from './power.ts'

/** What a long campaign has counted so far. It stands in a file, so that a stop loses only the stretch under way. */
export interface Tally {
  /** Fingerprints of what was tried: counts of other code are not added to. */
  code: { tests: string; plans: string }
  /** By name of the cell. */
  alarms: Record<string, AlarmCount>
  power: Record<string, PowerCount>
}

/** The counts of the file as far as they are of the present code. */
export function openTally(file: string): Tally {
  const code = fingerprints()
  if (!existsSync(file)) return { code, alarms: {}, power: {} }
  const found = readTally(file)
  return {
    code,
    alarms: found.code.tests === code.tests ? found.alarms : {},
    power: found.code.plans === code.plans ? found.power : {}
  }
}

export function readTally(file: string): Tally {
  return JSON.parse(readFileSync(file, 'utf8')) as Tally
}

export function saveTally(file: string, tally: Tally): void {
  const draft = `${file}.draft`
  writeFileSync(draft, `${JSON.stringify(tally, null, 2)}\n`)
  renameSync(draft, file)
}

export function addAlarms(sum: AlarmCount | undefined, more: AlarmCount): AlarmCount {
  if (!sum) return more
  return {
    tables: sum.tables + more.tables,
    alarms: sum.alarms + more.alarms,
    intervals: sum.intervals + more.intervals,
    held: sum.held + more.held,
    claims: sum.claims + more.claims
  }
}

export function addPower(sum: PowerCount | undefined, more: PowerCount): PowerCount {
  return sum ? { ...sum, tables: sum.tables + more.tables, found: sum.found + more.found } : more
}

/** Of the statistics' own sources: other parts of the lab may change without a new campaign. No test hangs on what plans. */
function fingerprints(): Tally['code'] {
  const folder = join(import.meta.dirname, '..', '..', '..', 'src', 'main', 'evaluation', 'statistics')
  const names = readdirSync(folder).sort()
  const of = (some: readonly string[]): string => {
    const hash = createHash('sha256')
    for (const name of some) hash.update(name).update(withoutComments(join(folder, name)))
    return hash.digest('hex').slice(0, 16)
  }
  return { tests: of(names.filter((name) => name !== planning)), plans: of(names) }
}

const planning = 'detectable.ts'

/** Words, line breaks, who may import what and from which folder can change; what is computed may not. */
function withoutComments(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
    .replace(/^export /gm, '')
    .replace(/ from '.*\/([^/]+)'$/gm, ' from $1')
    .replace(/\s+/g, '')
}
