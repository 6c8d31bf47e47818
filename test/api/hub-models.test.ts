import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fromCall } from '../../src/main/contract/wire-error.ts'
import { HubServer } from '../data/hub-server.ts'
import { openLab } from '../hosts/fixture.ts'

/** A model of the hub is looked at before its weights come, and before there is any job. */
const demo = join(import.meta.dirname, '../../data/demo/encoder')
const small = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'modules.json', '1_Pooling/config.json']
const card = '---\nlicense: apache-2.0\nlanguage: [en, de]\n---\n# Harbour encoder\nIt finds harbours.\n'

async function hubWith(config: object = {}): Promise<HubServer> {
  const hub = await HubServer.start()
  const put = (name: string, content: Buffer, lfs = false) => hub.files.set(`acme/encoder/${name}`, { content, lfs })
  for (const name of [...small, 'sentence_bert_config.json']) put(name, readFileSync(join(demo, name)))
  put('model.safetensors', readFileSync(join(demo, 'model.safetensors')), true)
  put('README.md', Buffer.from(card))
  const own = JSON.parse(readFileSync(join(demo, 'config.json'), 'utf8')) as object
  put('config.json', Buffer.from(JSON.stringify({ ...own, ...config })))
  return hub
}

/** Requests for weights: without a range, and of how many bytes in all. */
function weightsAsked(hub: HubServer): { whole: number; bytes: number } {
  const asked = hub.requests.filter(({ path }) => path.startsWith('/storage') && path.endsWith('model.safetensors'))
  const ranges = asked.flatMap(({ range }) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
    return from === undefined ? [] : [Number(to) - Number(from) + 1]
  })
  return { whole: asked.length - ranges.length, bytes: ranges.reduce((sum, bytes) => sum + bytes, 0) }
}

test('a look says what a model of the hub is, by the beginnings of its weights, as the folder says it once it is there', async () => {
  const hub = await hubWith()
  const lab = await openLab()
  await lab.client.lab.saveSettings({ mirror: hub.address })
  const look = await lab.client.catalog.lookAtModel({ repo: 'acme/encoder' })
  const { role, architecture, parameters, hiddenSize, maxInputTokens } = await lab.client.models.look({ folder: demo })
  expect(look).toMatchObject({ role, architecture, parameters, hiddenSize, maxInputTokens })
  expect(look).toMatchObject({
    ...{ repo: 'acme/encoder', revision: 'main', licence: 'apache-2.0', unseen: [], files: 7 },
    card: { licence: 'apache-2.0', languages: ['en', 'de'] }
  })
  expect(look.tensors).toBeGreaterThan(20)
  const bytes = [...hub.files].filter(([name]) => !name.endsWith('README.md'))
  expect(look.bytes).toBe(bytes.reduce((sum, [, { content }]) => sum + content.length, 0))
  const asked = weightsAsked(hub)
  expect(asked.whole).toBe(0)
  expect(asked.bytes).toBeLessThan(hub.files.get('acme/encoder/model.safetensors')!.content.length / 20)
  expect((await lab.client.jobs.list({})).total).toBe(0)
  expect(await lab.client.models.list()).toEqual([])
  // What was fetched to look is there for the next look.
  hub.requests.length = 0
  await lab.client.catalog.lookAtModel({ repo: 'acme/encoder' })
  expect(hub.requests.filter(({ path }) => path.endsWith('tokenizer.json'))).toEqual([])
})

test('what the lab cannot run, cannot find or cannot reach is refused by the look, with the reason', async () => {
  const hub = await hubWith({ num_hidden_layers: 9 })
  const lab = await openLab()
  await lab.client.lab.saveSettings({ mirror: hub.address })
  const refused = (repo: string) =>
    lab.client.catalog.lookAtModel({ repo }).catch((thrown: unknown) => fromCall(thrown))
  expect(await refused('acme/encoder')).toMatchObject({
    code: 'tensor-missing',
    message: expect.stringMatching(/encoder\.layer\.\d.* in model\.safetensors/) as string
  })
  expect(weightsAsked(hub).whole).toBe(0)
  expect(await refused('acme/nothing')).toMatchObject({ code: 'not-on-server' })
  expect(await refused('no name')).toMatchObject({ code: 'repository-name' })
  hub.statuses.set('acme/encoder', 401)
  expect(await refused('acme/encoder')).toMatchObject({ code: 'access-denied' })
  hub.close()
  expect(await refused('acme/encoder')).toMatchObject({ code: 'offline' })
  await lab.client.lab.saveSettings({ offline: true })
  expect(await refused('acme/encoder')).toMatchObject({ code: 'offline-mode' })
})
