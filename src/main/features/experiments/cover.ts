import { existsSync, readFileSync } from 'node:fs'
import type { Run } from '../../contract/runs.ts'
import { isTuned } from '../../contract/strategies.ts'
import { keptWeights } from '../../run-files/kept-weights.ts'
import { runFiles } from '../../run-files/files.ts'
import { parse } from '../../run-files/parse.ts'
import { RunFolder } from '../../run-files/run-folder.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import type { PreparedRun } from './run-inputs.ts'

/** What is done about a planned run, or about some of its targets. */
export interface Covered {
  run: PreparedRun
  /** A finished run that has these answers; null: they are still to be given. */
  answeredBy: Run | null
  /** Where they are still to be given: a finished run that has the weights. */
  tunedBy: Run | null
  /** There is such a run, but its weights were not kept. */
  weightsLost: boolean
}

interface Parts {
  store: Store
  home: HomeFolder
}

/**
 * What of a planned run is there already. Answers are looked for target by target, so that a run on more targets, or on
 * fewer, gives what it has; what is left is one run, which takes over the weights where another has tuned the same.
 */
export function cover(run: PreparedRun, parts: Parts): Covered[] {
  const { store } = parts
  const same = store.runs.findFinished(run.fingerprint)
  if (same && hasAnswers(same, run, parts)) return [found(run, same)]
  const alike = tunedAlike(run, parts)
  const byRun = new Map<Run, string[]>()
  const open: string[] = []
  for (const id of run.planned.targetIds) {
    const answered = alike.find((one) => one.asked[id] === run.asked[id] && isThere(one, id, parts))
    if (answered) byRun.set(answered, [...(byRun.get(answered) ?? []), id])
    else open.push(id)
  }
  const taken = [...byRun].map(([one, ids]) => found(run.part(ids), one))
  if (open.length === 0) return taken
  const tunes = isTuned(run.planned.strategy)
  const tunedBy = tunes ? (alike.find((one) => keptWeights(parts.home.run(one.id)) !== null) ?? null) : null
  const weightsLost = tunes && tunedBy === null && alike.length > 0
  return [...taken, { run: run.part(open), answeredBy: null, tunedBy, weightsLost }]
}

/** Finished runs that answered with the weights that a run needs, the newest first. */
export function tunedAlike(run: PreparedRun, { store, home }: Parts): Run[] {
  const { leavesOut } = run
  const alike = store.runs.finishedWith(run.tuning)
  if (leavesOut === null || !isTuned(run.planned.strategy)) return alike
  return alike.filter((one) => isDrawnAlike(one, new Set(leavesOut), home))
}

/**
 * Whether a random sample would be the same with other rows left out: where it holds none of them, and left out none that
 * may be drawn now. Random orders are made for that (`retrieval/candidates/random.ts`).
 */
function isDrawnAlike({ id }: Run, leavesOut: ReadonlySet<number>, home: HomeFolder): boolean {
  try {
    const folder = new RunFolder(home.run(id))
    const { tuning, targets } = folder.askedNow(home.path)
    const before = tuning?.excludedIds ?? targets.flatMap(({ excludedIds }) => excludedIds)
    if (!before.every((one) => leavesOut.has(one))) return false
    if (new Set(before).size === leavesOut.size) return true
    const file = folder.file(runFiles.retrieved.name)
    const { retrieved } = parse(runFiles.retrieved, readFileSync(file, 'utf8'), file)
    return !retrieved.some(({ exampleId }) => leavesOut.has(exampleId))
  } catch {
    // Its files are gone: then there are no weights either.
    return false
  }
}

function found(run: PreparedRun, answeredBy: Run): Covered {
  return { run, answeredBy, tunedBy: null, weightsLost: false }
}

function hasAnswers(found: Run, { planned }: PreparedRun, parts: Parts): boolean {
  return planned.targetIds.join() === found.targetIds.join() && found.targetIds.every((id) => isThere(found, id, parts))
}

function isThere(run: Run, targetId: string, { home }: Parts): boolean {
  return existsSync(home.answers(run.id, targetId))
}
