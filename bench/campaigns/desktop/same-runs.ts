import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Run } from '../../../src/main/contract/runs.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../../src/main/hosts/lab.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import type { BenchResult } from '../../suite.ts'

/** A run of the demo that has finished somewhere. */
type FinishedRun = Pick<Run, 'strategy' | 'round' | 'seconds'> & { answers: string }

/** The runs of the demo that finished in the window, again under a plain Node: the same answers, and how the times compare. */
export async function sameRuns(report: (result: BenchResult) => void, said: string | undefined): Promise<void> {
  const there = said === undefined ? [] : (JSON.parse(said) as FinishedRun[])
  const name = 'runs of the demo with the answers that plain Node gives'
  if (there.length === 0) return report({ name, value: 0, unit: 'runs', aim: 'all', holds: false })
  const here = await underNode(there)
  const pairs = there.map((run) => [run, here.find((own) => own.answers === run.answers && isLike(own, run))] as const)
  const equal = pairs.filter(([, own]) => own !== undefined)
  const times = equal.filter(([run]) => (run.seconds?.tune ?? 0) > 0)
  const total = (of: 0 | 1) => times.reduce((sum, pair) => sum + (pair[of]?.seconds?.total ?? 0), 0)
  report({
    ...{ name, value: equal.length, unit: `of ${there.length}`, aim: 'all', holds: equal.length === there.length },
    detail: there.map(({ strategy, round }) => `${strategy} ${round + 1}`).join(', ')
  })
  report({
    name: 'time of a tuned run in the window over that under plain Node',
    ...{ value: total(0) / total(1), unit: '×', aim: null, holds: null },
    detail: `${total(0).toFixed(0)} s and ${total(1).toFixed(0)} s for ${times.length} runs, one after the other`
  })
}

function isLike(a: FinishedRun, b: FinishedRun): boolean {
  return a.strategy === b.strategy && a.round === b.round
}

/** The demo as far as these runs need it. */
async function underNode(wanted: readonly FinishedRun[]): Promise<FinishedRun[]> {
  const home = mkdtempSync(join(tmpdir(), 'recross-demo-'))
  const lab = await Lab.open({ host: 'cli', home, workers: forkStarter(workerEntry()) })
  try {
    const { client } = lab
    const { id } = await client.experiments.start(await client.experiments.demo(await client.data.installDemo({})))
    for (;;) {
      await sleep(1000)
      const runs = await client.experiments.runs({ id })
      const done = runs.filter(({ status }) => status === 'finished')
      const over = !runs.some(({ status }) => status === 'running' || status === 'planned')
      const count = (of: readonly Pick<FinishedRun, 'strategy' | 'round'>[], like: FinishedRun) =>
        of.filter((run) => run.strategy === like.strategy && run.round === like.round).length
      const enough = wanted.every((run) => count(done, run) >= Math.max(count(wanted, run), count(runs, run)))
      if (!enough && !over) continue
      return done.map(({ id: run, strategy, round, seconds }) => ({
        ...{ strategy, round, seconds },
        answers: answersIn(join(home, 'runs', run))
      }))
    }
  } finally {
    await lab.close()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A hash of all that a run answered; files are named by ids that each lab draws for itself. */
function answersIn(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.startsWith('predictions-'))
  const hashes = names.map((name) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
  )
  return hashes.sort().join(' ')
}
