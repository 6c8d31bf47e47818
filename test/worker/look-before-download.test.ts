import { plainImport } from '../../src/main/contract/kinds/data.ts'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { download } from '../../src/main/data/download/download.ts'
import { projectFolder } from '../../src/main/hosts/project.ts'
import { lookAtModel } from '../../src/main/worker/download.ts'
import { HubServer, type HubFile } from '../data/hub-server.ts'

/** Models as hubs hold them: each is fetched, or refused before its weights are, by a file and a reason. */

type Files = Record<string, Buffer | string>
const demo = join(projectFolder(), 'data', 'demo', 'encoder')
const whole: Files = Object.fromEntries(
  readdirSync(demo, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(demo.length + 1)
        .replaceAll('\\', '/')
    )
    .map((name) => [name, readFileSync(join(demo, name))])
)
const json = (name: string, change: object): Files => ({
  [name]: JSON.stringify({ ...(JSON.parse(String(whole[name] ?? '{}')) as object), ...change })
})
const without = (...names: string[]): Files =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)))
const weights = whole['model.safetensors'] as Buffer
const headerBytes = Number(weights.readBigUInt64LE())

/** The same bytes under a header that was changed. */
function withHeader(change: (header: string) => string): Buffer {
  const header = Buffer.from(change(weights.subarray(8, 8 + headerBytes).toString('utf8')))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, weights.subarray(8 + headerBytes)])
}

/** A layer without a bias, as safetensors. */
function linear(rows: number, columns: number): Buffer {
  const bytes = 4 * rows * columns
  const header = Buffer.from(
    JSON.stringify({ 'linear.weight': { dtype: 'F32', shape: [rows, columns], data_offsets: [0, bytes] } })
  )
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, Buffer.alloc(bytes)])
}

const torch = (layout: string) =>
  readFileSync(join(import.meta.dirname, '../models/weights/golden', layout, 'pytorch_model.bin'))

const modules = (...types: string[]): Files => ({
  'modules.json': JSON.stringify(
    types.map((type, idx) => ({
      idx,
      name: String(idx),
      path: type === 'Transformer' ? '' : `${idx}_${type}`,
      type: `sentence_transformers.models.${type}`
    }))
  )
})

const cases: [string, Files, RegExp | null, { trouble?: HubFile['trouble'] }?][] = [
  ['a sound encoder', whole, null],
  ['a connection that is cut', whole, null, { trouble: { kind: 'cut', times: 1 } }],
  ['a server that gives no parts of files', whole, null, { trouble: { kind: 'no-ranges', times: 9 } }],
  [
    'another file of weights beside, which is not fetched',
    { ...whole, 'onnx/model.onnx': 'x', 'pytorch_model.bin': 'x' },
    null
  ],
  [
    'an architecture that the lab lacks',
    { ...whole, ...json('config.json', { model_type: 'qwen2' }) },
    /config.json: .*qwen2/
  ],
  ['code of its own', { ...whole, ...json('config.json', { auto_map: { AutoModel: 'x.Y' } }) }, /"auto_map"/],
  [
    'weights in four bits',
    { ...whole, ...json('config.json', { quantization_config: { quant_method: 'bitsandbytes' } }) },
    /"quantization_config"/
  ],
  [
    'a configuration of another size',
    { ...whole, ...json('config.json', { hidden_size: 64, num_attention_heads: 4 }) },
    /Tensor "[^"]+" in model.safetensors is \[.*96.*\], but config.json asks for \[.*64/
  ],
  [
    'more layers than weights',
    { ...whole, ...json('config.json', { num_hidden_layers: 3 }) },
    /No tensor "encoder.layer.2/
  ],
  [
    'weights of eight bits',
    { ...whole, 'model.safetensors': withHeader((header) => header.replaceAll('"F16"', '"F8_E4M3"')) },
    /model.safetensors: tensor ".*" has the element type F8_E4M3/
  ],
  [
    'an adapter that was not merged',
    {
      ...whole,
      'model.safetensors': withHeader((header) => header.replace('query.weight"', 'query.base_layer.weight"'))
    },
    /part of an adapter/
  ],
  [
    'an adapter beside the weights',
    { ...whole, 'adapter_config.json': '{"peft_type":"LORA"}' },
    /adapter_config.json: this is an adapter/
  ],
  [
    'an adapter alone',
    { 'adapter_config.json': '{}', 'adapter_model.safetensors': 'x', 'README.md': 'x' },
    /has no weights that the lab can read/
  ],
  [
    'weights for another program',
    { ...without('model.safetensors'), 'model.gguf': 'x', 'onnx/model.onnx': 'x' },
    /has no weights that the lab can read/
  ],
  ['no tokenizer', without('tokenizer.json', 'tokenizer_config.json'), /tokenizer/],
  [
    'a sparse encoder',
    { ...whole, ...json('config_sentence_transformers.json', { model_type: 'SparseEncoder' }) },
    /"SparseEncoder"/
  ],
  [
    'a module that the lab lacks',
    { ...whole, ...modules('Transformer', 'SpladePooling') },
    /SpladePooling at "1_SpladePooling" is not supported/
  ],
  [
    'a dense layer in a folder of its own',
    {
      ...whole,
      ...modules('Transformer', 'Pooling', 'Dense'),
      '2_Dense/config.json': '{"in_features":96,"out_features":8,"bias":false}',
      '2_Dense/model.safetensors': linear(8, 96)
    },
    null
  ],
  [
    'a dense layer of another shape',
    {
      ...whole,
      ...modules('Transformer', 'Pooling', 'Dense'),
      '2_Dense/config.json': '{"in_features":96,"out_features":8,"bias":false}',
      '2_Dense/model.safetensors': linear(8, 64)
    },
    /is \[8, 64\], but config.json asks for \[8, 96\]/
  ],
  [
    'a dense layer without weights',
    {
      ...whole,
      ...modules('Transformer', 'Pooling', 'Dense'),
      '2_Dense/config.json': '{"in_features":96,"out_features":8,"bias":false}'
    },
    /2_Dense/
  ],
  [
    "PyTorch's file of another model, in the layout of today",
    { ...without('model.safetensors'), 'pytorch_model.bin': torch('zip') },
    /No tensor "embeddings.word_embeddings.weight" in pytorch_model.bin/
  ],
  [
    "PyTorch's file of another model, in the layout before 1.6",
    { ...without('model.safetensors'), 'pytorch_model.bin': torch('legacy') },
    /No tensor "embeddings.word_embeddings.weight" in pytorch_model.bin/
  ],
  [
    'a program in place of the weights',
    { ...without('model.safetensors'), 'pytorch_model.bin': Buffer.from('\x80\x02cos\nsystem\n(S"id"\ntR.', 'latin1') },
    /pytorch_model.bin: .*refused/
  ],
  [
    'the first part of two',
    {
      ...without('model.safetensors'),
      'model-00001-of-00002.safetensors': withHeader((header) =>
        header.replaceAll('encoder.layer.1.', 'other.layer.1.')
      ),
      'model.safetensors.index.json': '{"weight_map":{}}'
    },
    /No tensor "encoder.layer.1/
  ]
]

test.each(cases)('%s', async (_, files, refused, { trouble } = {}) => {
  const hub = await HubServer.start()
  for (const [name, content] of Object.entries(files)) {
    const large = /^[^/]+\.(safetensors|bin)$/.test(name)
    hub.files.set(`some/model/${name}`, {
      content: Buffer.from(content),
      lfs: large,
      ...(large && trouble ? { trouble } : {})
    })
  }
  const folder = mkdtempSync(join(tmpdir(), 'look-first-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const lines: string[] = []
  const log = (text: string): void => void lines.push(text)
  const fetched = download(
    {
      ...{
        catalogId: null,
        kind: 'model' as const,
        name: 'x',
        mirror: hub.address,
        proxy: null,
        token: null,
        cache: null
      },
      source: {
        type: 'hub',
        repo: 'some/model',
        repoType: 'model',
        revision: 'main',
        files: [],
        configs: [],
        splits: []
      },
      importAs: plainImport('upstream', 0)
    },
    folder,
    {
      ...{ report: () => undefined, log, paused: () => Promise.resolve(), signal: new AbortController().signal },
      lookAtModel: (at, found) => lookAtModel(at, found, log)
    },
    { firstWait: 5, longestWait: 20, stallTime: 3000, freeBytes: () => 1e12 }
  )
  if (refused) {
    await expect(fetched).rejects.toThrow(refused)
    expect(
      hub.requests.filter(
        ({ path, range }) =>
          /[/](model|pytorch_model)[^/]*\.(safetensors|bin)$/.test(path) && !/_Dense/.test(path) && range === undefined
      )
    ).toEqual([])
    return
  }
  const { files: got } = await fetched
  expect(got.map(({ path }) => path.slice(folder.length + 1).replaceAll('\\', '/')).sort()).toEqual(
    Object.keys(files)
      .filter((name) => !/onnx|^pytorch/.test(name))
      .sort()
  )
  expect(lines.join('\n')).toMatch(/some\/model: \d+ files, \d+\.\d MB; licence: not said/)
  expect(lines.join('\n')).toMatch(
    trouble?.kind === 'no-ranges' ? /what is in it shows when it has come/ : /The lab can run it \(encoder/
  )
})
