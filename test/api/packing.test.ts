import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { canMakeDisks, makeSmallDisk } from '../files/small-disk.ts'
import { newHome, openLab, until, untilJob } from '../hosts/fixture.ts'
import { needs } from '../needs.ts'

/** A model of hundreds of pieces, so that a pause asked for at its beginning finds it under way. Sparse: it takes no room. */
const modelBytes = 16 << 20

function installModel(lab: Lab): string {
  const folder = lab.home.model('large')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'model.safetensors'), '')
  truncateSync(join(folder, 'model.safetensors'), modelBytes)
  lab.services.store.models.insert({
    ...{ id: 'large', name: 'Large', role: 'seq2seq', architecture: 'bart', fingerprint: 'f'.repeat(32), prefix: '' },
    ...{ bytes: modelBytes, parameters: 1, hiddenSize: 32, maxInputTokens: 64, source: 'test', licence: 'MIT' },
    ...{ reranker: null, retriever: null, foundRate: null },
    createdAt: '2026-11-23T06:00:00.000Z'
  })
  return 'large'
}

/** Starts to pack a model, and comes back once the zip is half written and its worker waits. */
async function halfPacked(lab: Lab, path: string): Promise<string> {
  const { id } = await lab.client.studies.export({ modelIds: [installModel(lab)], path })
  await untilJob(lab, id, 'running')
  await lab.client.jobs.pause({ id })
  await untilJob(lab, id, 'paused')
  expect(parts(path)).toHaveLength(1)
  return id
}

/** What lies beside a zip that is not there yet. */
function parts(path: string): string[] {
  return readdirSync(join(path, '..')).filter((name) => name.endsWith('.part'))
}

describe('packing', { timeout: 60_000 }, () => {
  test('that is half done and then cancelled leaves nothing beside the file', async () => {
    const lab = await openLab()
    const path = join(newHome(), 'bundle.zip')
    const id = await halfPacked(lab, path)
    await lab.client.jobs.cancel({ id })
    await untilJob(lab, id, 'cancelled')
    expect(readdirSync(join(path, '..'))).toEqual([])
  })

  test('whose worker is killed says so, leaves nothing beside the file, and works when it is tried again', async () => {
    const lab = await openLab()
    const path = join(newHome(), 'bundle.zip')
    const id = await halfPacked(lab, path)
    process.kill(lab.pool.workers()[0]!.pid!, 'SIGKILL')
    expect((await untilJob(lab, id, 'crashed')).error).not.toBeNull()
    await until(
      () => parts(path),
      (left) => left.length === 0
    )
    await lab.client.jobs.retry({ id })
    await untilJob(lab, id, 'finished', 'failed')
    expect(readdirSync(join(path, '..'))).toEqual(['bundle.zip'])
    expect((await lab.client.studies.look({ path })).items).toMatchObject([{ what: 'models', bytes: modelBytes }])
  })

  test.each(['resume', 'cancel'] as const)(
    'that a lab did not survive leaves nothing beside the file: %s',
    async (then) => {
      const home = newHome()
      const path = join(newHome(), 'bundle.zip')
      const first = await openLab({ home })
      const id = await halfPacked(first, path)
      process.kill(first.pool.workers()[0]!.pid!, 'SIGSTOP')
      await first.close()
      expect(parts(path)).toHaveLength(1)
      const lab = await openLab({ home })
      await lab.client.jobs[then]({ id })
      await untilJob(lab, id, 'finished', 'failed', 'cancelled')
      await until(
        () => parts(path),
        (left) => left.length === 0
      )
      expect(readdirSync(join(path, '..'))).toEqual(then === 'resume' ? ['bundle.zip'] : [])
    }
  )

  test('of what has gone since it was chosen fails with its name, and writes nothing', async () => {
    const lab = await openLab({ jobs: { slots: { io: 0 } } })
    const path = join(newHome(), 'bundle.zip')
    const { id } = await lab.client.studies.export({ modelIds: [installModel(lab)], path })
    expect(lab.services.jobs.get(id)).toMatchObject({ kind: 'export-study', status: 'queued' })
    rmSync(lab.home.model('large'), { recursive: true })
    await lab.close()
    const next = await openLab({ home: lab.home.path })
    const { error } = await untilJob(next, id, 'failed', 'finished')
    expect(error).toMatchObject({ code: 'file-missing' })
    expect(error!.message).toContain('models/large')
    expect(existsSync(path)).toBe(false)
    expect(parts(path)).toEqual([])
  })

  test(
    'onto a full disk waits with a sentence, and goes on when there is room',
    needs(canMakeDisks, 'small disks need root on Linux'),
    async () => {
      const disk = makeSmallDisk(modelBytes / (1 << 20) + 240)
      try {
        const lab = await openLab()
        const path = join(disk.path, 'bundle.zip')
        disk.fill()
        const { id } = await lab.client.studies.export({ modelIds: [installModel(lab)], path })
        const { error } = await untilJob(lab, id, 'paused', 'failed')
        expect(error).toMatchObject({ code: 'disk-full' })
        expect(parts(path)).toEqual([])
        disk.free()
        await lab.client.jobs.resume({ id }).catch(() => undefined)
        await untilJob(lab, id, 'finished', 'failed')
        expect(readdirSync(disk.path)).toEqual(['bundle.zip'])
      } finally {
        disk.remove()
      }
    }
  )
})
