import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Experiment, ExperimentPlan } from '../../../src/main/contract/experiments.ts'
import type { Run } from '../../../src/main/contract/runs.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../../src/main/hosts/lab.ts'
import { projectFolder, workerEntry } from '../../../src/main/hosts/project.ts'
import { makeTinyWorld, type TinyWorld } from '../../worker/tiny-world.ts'
import { installEncoder, installRetriever, installTinyWorld } from './tiny-lab.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

interface Printed {
  code: number
  out: string
}

/** Runs the command line in a process of its own. */
async function lab(home: string, ...words: string[]): Promise<Printed> {
  const script = join(projectFolder(), 'scripts', 'lab.ts')
  const run = promisify(execFile)(process.execPath, [script, '--home', home, ...words])
  return run.then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, out: stdout + stderr })
  )
}

const settings = [
  ['--name', 'From the command line', '--strategies', 'lexical', '--rounds', '1', '--targets', 'naming'],
  ['--set', 'queries=2', 'retrieval.budget=8', 'tune.learningRate=0.001', 'tune.maxInputTokens=32'],
  ['evaluation.maxInputTokens=32', 'evaluation.maxOutputTokens=6', 'evaluation.beams=1', 'provider=cpu']
].flat()

describe('the commands of experiments', { timeout: 600_000 }, () => {
  let home: string
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'recross-home-'))
    const first = await Lab.open({ home, host: 'cli', workers: forkStarter(workerEntry()) })
    await installTinyWorld(first, world)
    await first.close()
  })
  afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))

  test('plan, run, show, export and repeat one', async () => {
    const planned = JSON.parse((await lab(home, '--json', 'experiment', 'plan', ...settings)).out) as {
      plan: ExperimentPlan
    }
    expect(planned.plan.runs.map((run) => run.key)).toEqual(['zero-shot / all / 0', 'lexical / naming / 0'])

    const report = join(home, 'report.html')
    const ran = await lab(home, '--json', 'experiment', 'run', ...settings, '--report', report)
    expect(ran.code).toBe(0)
    const { experiment, runs } = JSON.parse(ran.out) as { experiment: Experiment; runs: Run[] }
    expect(experiment.status).toBe('finished')
    expect(readFileSync(report, 'utf8')).toContain('<h1>From the command line</h1>')

    const shown = (await lab(home, 'experiment', 'show', experiment.id, '--runs')).out
    expect(shown).toMatch(/All targets[\s\S]*lexical/)
    expect(shown).toMatch(new RegExp(`^${runs[1]!.id} +lexical +naming +1 +finished`, 'm'))
    const look = async (...words: string[]) => (await lab(home, 'experiment', ...words, '--target', 'naming')).out
    const lexical = runs.find((run) => run.strategy === 'lexical')!.id
    expect(await look('answers', experiment.id, '--column', 'lexical', '--filter', 'all', '--limit', '2')).toMatch(
      /all 24[\s\S]*\n#1 [\s\S]*right answer: \w+\n {2}[✓✗] zero-shot: .*\n {2}[✓✗] lexical: /
    )
    expect(await look('retrieved', experiment.id)).toMatch(
      /lexical: 8 examples of \d tasks?\n {2}task +group +examples/
    )
    expect(await look('lineage', lexical, '--row', '3')).toMatch(
      /^#3 [\s\S]*lexical: [\s\S]*naming +words +\d[\s\S]*← /
    )
    expect((await lab(home, 'experiment', 'heat-map', experiment.id, '--column', 'lexical')).out).toMatch(
      /group +naming\n(colours|words) +\d/
    )
    const figure = String.raw`[01]\.\d{3}`
    expect(
      (await lab(home, 'index', 'quality', '--data', 'upstream', '--strategy', 'lexical', '--k', '5')).out
    ).toMatch(
      new RegExp(
        String.raw`lexical: task +queries +recall@5 +MRR +NDCG@5 +chance\ncolouring +10( +${figure}){4}\nnaming .*\nmean ± sd over 2 tasks( +${figure} ± ${figure}){4}`
      )
    )
    expect((await lab(home, 'experiment', 'settings', experiment.id)).out).toMatch(/Retrieval: retrieved examples +8/)
    expect((await lab(home, 'experiment', 'settings', experiment.id, experiment.id)).out).toMatch(/are the same/)
    expect(await look('lineage', lexical, '--row', '999')).toMatch(/did not answer test row 999/)

    const table = join(home, 'table.tex')
    await lab(home, 'experiment', 'export', experiment.id, '--format', 'latex', '--out', table)
    expect(readFileSync(table, 'utf8')).toContain('\\begin{tabular}{lrrr}')

    const taken = await lab(home, 'experiment', 'export', experiment.id, '--format', 'latex', '--out', table)
    expect(taken).toMatchObject({ code: 6, out: expect.stringContaining('overwrite it with --force') as string })
    const study = join(home, 'study.yaml')
    await lab(home, 'experiment', 'spec', experiment.id, '--out', study)
    const dry = JSON.parse((await lab(home, '--json', 'experiment', 'run', study, '--dry-run')).out) as {
      spec: object
      plan: ExperimentPlan
    }
    expect(dry.spec).toEqual(experiment.spec)
    expect(dry.plan.runs.map(({ reusesRunId }) => reusesRunId)).toEqual(runs.map(({ id }) => id))

    const tuned = join(home, 'tuned')
    expect((await lab(home, 'models', 'export', lexical, '--out', tuned)).out).toMatch(/^Wrote .*tuned\n$/m)
    expect(existsSync(join(tuned, 'model.safetensors'))).toBe(true)

    const repeated = await lab(home, 'experiment', 'repeat', runs.find((run) => run.strategy === 'lexical')!.id)
    expect(repeated.out).toMatch(/Repeats run .*: 3 of 3 scores and 24 of 24 answers are the same\./)
  })
  test('add what is new, and test elsewhere what is tuned, by name or id', async () => {
    interface Ended {
      experiment: Experiment
      runs: Run[]
    }
    const run = async (...words: string[]): Promise<Ended> => {
      const { code, out } = await lab(home, '--json', 'experiment', ...words)
      expect(code, out).toBe(0)
      return JSON.parse(out) as Ended
    }
    const first = await run('run', ...settings.with(1, 'To be added to'), '--set', 'keepWeights=all')
    const added = ['add', first.experiment.id, '--targets', 'colouring', '--sweep', 'retrieval.budget=8,12']
    const { out } = await lab(home, '--json', 'experiment', ...added, '--dry-run')
    const { spec, plan } = JSON.parse(out) as { spec: Experiment['spec']; plan: ExperimentPlan }
    expect(spec.sweep).toEqual([{ path: 'retrieval.budget', values: [8, 12] }])
    expect(spec).toMatchObject({ name: 'To be added to, more', targetIds: ['naming', 'colouring'] })
    const reused = plan.runs.filter(({ reusesRunId }) => reusesRunId !== null)
    expect(reused.map(({ strategy }) => strategy).sort()).toEqual(['lexical', 'zero-shot'])

    const more = await run(...added, '--name', 'More')
    expect(more.experiment).toMatchObject({ status: 'finished', spec: { ...spec, name: 'More' } })
    const own = more.runs.filter(({ experimentId }) => experimentId === more.experiment.id)
    expect(own).toHaveLength(plan.runs.length - reused.length)

    // The tuning for one target is tested on another: nothing is tuned again.
    const lexical = first.runs.find(({ strategy }) => strategy === 'lexical')!.id
    const tested = await run('test-on', lexical, '--on', 'colouring', '--name', 'Elsewhere')
    expect(tested.experiment).toMatchObject({
      status: 'finished',
      spec: { tuneFor: 'naming', targetIds: ['colouring'] }
    })
    const there = tested.runs.find(({ strategy }) => strategy === 'lexical')!
    const folder = join(home, 'runs', there.id)
    expect(existsSync(join(folder, 'taken-over.json'))).toBe(true)

    const refused = async (...words: string[]) => lab(home, 'experiment', ...words)
    expect(await refused('test-on', 'More', '--on', 'colouring')).toMatchObject({
      code: 1,
      out: expect.stringContaining('Say with --tuned-for which of these tunings to test') as string
    })
    expect(await refused('test-on', 'nobody', '--on', 'naming')).toMatchObject({
      code: 5,
      out: expect.stringContaining('There is no experiment or run "nobody"') as string
    })
    expect((await refused('add', first.experiment.id, '--sweep', 'tune.speed=3')).out).toMatch(
      /no setting "tune.speed"/
    )
  })

  test('show in which settings the presets differ', async () => {
    const { code, out } = await lab(home, 'experiment', 'presets')
    expect(code).toBe(0)
    expect(out).toMatch(/^setting +.*paper.*paper-code/)
    expect(out).toMatch(/^tune\.labelSmoothing +0 +0\.1/m)
  })

  test('take a trained retriever for the encoder only where it is named', async () => {
    const opened = await Lab.open({ home, host: 'cli', workers: forkStarter(workerEntry()) })
    await installEncoder(opened, world)
    await installRetriever(opened)
    await opened.close()
    const modelsOf = async (...words: string[]) => {
      const { out } = await lab(home, '--json', 'experiment', 'plan', ...settings, ...words)
      return (JSON.parse(out) as { spec: Experiment['spec'] }).spec
    }
    const both = ['--strategies', 'semantic', 'trained']
    expect((await modelsOf(...both)).models).toMatchObject({ encoder: 'encoder', retriever: 'near' })
    expect((await modelsOf(...both, '--encoder', 'near')).models.encoder).toBe('near')
    const swept = await lab(home, 'experiment', 'plan', ...settings, ...both, '--sweep', 'models.retriever=encoder')
    expect(swept.out).toMatch(/no trained retriever "encoder"\. There are: near/)
  })

  test.each([
    [['--set', 'tune.speed=3'], /no setting "tune.speed"/],
    [['--targets', 'cooking'], /no target "cooking"\. There are: colouring, naming/]
  ])('say what is wrong with %j', async (words, message) => {
    const { code, out } = await lab(home, 'experiment', 'plan', ...words)
    expect(code).toBe(5)
    expect(out).toMatch(message)
  })
})
