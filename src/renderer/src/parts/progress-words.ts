import { texts } from '../texts/texts.ts'

const phases: Readonly<Record<string, string>> = texts.jobs.phases
const units: Readonly<Record<string, string>> = texts.jobs.units

/** What a job says it does, in the reader's language; names of files and figures behind the words stay as they are. */
export function phaseWords(phase: string | null | undefined): string | null {
  if (phase == null) return null
  const known = Object.keys(phases)
    .filter((one) => phase === one || phase.startsWith(`${one} `) || phase.startsWith(`${one}, `))
    .sort((a, b) => b.length - a.length)[0]
  return known === undefined ? phase : `${phases[known]}${phase.slice(known.length)}`
}

/** What a job counts. */
export function unitWords(unit: string | null): string {
  return unit === null ? '' : (units[unit] ?? unit)
}
