import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fromCall } from '../../src/main/contract/wire-error.ts'
import { newHome, openLab } from '../hosts/fixture.ts'

const golden = join(import.meta.dirname, '../../data/demo/encoder')

test('a model folder is looked at as an install would, and what the install would refuse is refused before it', async () => {
  const lab = await openLab()
  const folder = join(newHome(), 'model')
  cpSync(golden, folder, { recursive: true })
  const look = await lab.client.models.look({ folder })
  expect(look).toMatchObject({ role: 'encoder', architecture: expect.any(String) as string })
  expect(look.parameters).toBeGreaterThan(0)
  expect(look.bytes).toBeGreaterThan(0)
  expect(await lab.client.models.list()).toEqual([])

  const refused = (at: string) => lab.client.models.look({ folder: at }).catch((thrown: unknown) => fromCall(thrown))
  expect(await refused(join(folder, 'nowhere'))).toMatchObject({ code: 'model-missing' })
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'gpt2' }))
  const unknown = await refused(folder)
  expect(unknown).toMatchObject({ message: expect.stringContaining('gpt2') as string })
})
