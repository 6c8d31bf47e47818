import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newHome, openLab } from '../hosts/fixture.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'
import { wholeExperiment } from './experiment-at-a-place.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

test('a whole experiment at a place, its index built, equals that of this computer bit for bit', async () => {
  const here = await wholeExperiment(await openLab(), world, null)
  const root = newHome()
  const lab = await openLab({ places: { pollMilliseconds: 100, retryMilliseconds: 200, gatherMilliseconds: 50 } })
  const there = await wholeExperiment(
    lab,
    world,
    { name: 'beside', kind: 'process', folder: root, atOnce: 2 },
    { indexThere: true }
  )
  const errors = there.jobs.flatMap(({ error }) => error?.message ?? [])
  expect(errors).toEqual([])
  expect(there.experiment.status).toBe('finished')
  const runs = there.jobs.filter(({ kind }) => kind === 'run-strategy')
  expect(runs.map(({ place }) => place)).toEqual(runs.map(() => there.placeId))
  expect(Object.keys(there.answers).length).toBeGreaterThan(3)
  expect(there.answers).toEqual(here.answers)
  expect(there.scores).toEqual(here.scores)
  expect(readdirSync(join(root, 'jobs')).length).toBeGreaterThanOrEqual(runs.length)
  // The index was built there too, to the byte the one that is built here.
  const [index] = there.jobs.filter(({ kind }) => kind === 'build-index')
  expect(index).toMatchObject({
    place: there.placeId,
    output: { fingerprint: here.jobs.find(({ kind }) => kind === 'build-index')!.folder.slice(-32) }
  })

  // The plan said where each stage runs and what had to be sent; asked again, nothing has to be.
  const words = there.plan!.places.join(' ')
  expect(words).toMatch(/Indices are built at beside, runs compute at beside; looks for leaks .* stay on this computer/)
  expect(there.plan!.elsewhere).toMatchObject([
    { name: 'beside', stages: ['index', 'runs'], waitSeconds: null, problem: null }
  ])
  const [before] = there.plan!.elsewhere
  expect(before!.missingBytes).toBe(before!.bytes)
  expect(before!.bytes).toBeGreaterThan(10_000)
  // Other seeds are other runs, of the same files.
  const again = await lab.client.experiments.plan({ ...there.spec, seed: 7, name: 'again' })
  expect(again.elsewhere[0]).toMatchObject({ stages: ['runs'], problem: null })
  expect(again.elsewhere[0]!.missingBytes).toBe(0)
  expect(again.places.join(' ')).toMatch(/nothing has to be sent/)

  // A study file names the place as its user does.
  const { text } = await lab.client.studies.write({ of: { spec: there.spec }, format: 'yaml' })
  expect(text).not.toContain('lace:')
  const read = (lines: string) =>
    lab.client.studies.read({ text: `${text}${lines}`, source: 'x', instead: { models: {} } })
  expect((await read('place: beside\nindexPlace: beside\n')).specs[0]).toMatchObject({
    place: there.placeId,
    indexPlace: there.placeId
  })
  await expect(read('place: nowhere\n')).rejects.toMatchObject({
    data: { code: 'bad-study' },
    message: expect.stringContaining('beside') as string
  })
})
