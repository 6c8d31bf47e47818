import type { ExportFormat, TunedRun } from '../contract/tuned-models.ts'
import type { HashedFile } from '../files/hashed-files.ts'
import type { RunInput } from './run/tools.ts'

interface Card {
  run: TunedRun
  /** What the run was asked for. */
  asked: RunInput
  format: ExportFormat
  parameters: number
  /** Of base model and changes together, as the lab has it. */
  fingerprint: string
  /** SHA-256 of what tuning changed. */
  patchHash: string
  /** The base model's name on the hub, where it has one. */
  hub: string | null
  /** Every other file of the folder. */
  files: readonly HashedFile[]
  /** What the model's settings ask of answers and the short scripts leave out. */
  besides: readonly string[]
}

const shapes: Record<ExportFormat, { what: string; library: string }> = {
  hf: { what: 'The base model with its changes in it.', library: 'transformers' },
  peft: { what: 'A LoRA adapter for the base model.', library: 'peft' },
  onnx: {
    what: 'The base model with its changes in it, as a model folder and as graphs for ONNX Runtime that read the same weights.',
    library: 'transformers'
  }
}

/** README.md of an exported model: where it comes from, how it was made, how good it is, and how it is loaded. */
export function modelCard(card: Card): string {
  const { run, asked, format, parameters, fingerprint, patchHash } = card
  const data = asked.identities.map(({ kind, name, hash }) => [kind, name, `\`${hash}\``])
  const scores = run.scores.map(({ target, metric, value, examples }) => [
    target,
    metric,
    value.toFixed(2),
    String(examples)
  ])
  return (
    [
      frontMatter(card),
      `# ${run.base.name}, tuned by ReCross Lab`,
      `${shapes[format].what} It was tuned on examples that the strategy “${asked.strategy}” chose from upstream data, in the experiment “${run.experiment}”.`,
      '## What it is made of',
      table(
        ['what', 'name', 'SHA-256'],
        [
          ...(data.some(([kind]) => kind === 'model') ? [] : [['base model', run.base.name, '']]),
          ...data,
          ['changes', run.runId, `\`${patchHash}\``],
          ['result', `${parameters.toLocaleString('en')} parameters`, `\`${fingerprint}\``]
        ]
      ),
      `Licence of the base model: ${run.base.licence}. It came from: ${run.base.source}. Whether the result may be passed on is also a matter of the data's licences.`,
      '## Scores',
      scores.length === 0
        ? 'None: its targets have no right answers, or no score is defined for its answers.'
        : `${table(['target', 'metric', 'score (0–100)', 'test rows'], scores)}\n\nFrom one run, query set ${asked.round + 1}, seed ${asked.seed}: another run gives other scores.`,
      '## Files',
      table(
        ['file', 'bytes', 'SHA-256'],
        card.files.map(({ path, bytes, sha256 }) => [path, bytes.toLocaleString('en'), `\`${sha256}\``])
      ),
      '## Settings',
      table(['setting', 'value'], [...settings('tune', asked.tune), ...settings('answer', asked.evaluation)]),
      '## How to load it',
      usage(card),
      '## Made with',
      table(['what', 'version'], Object.entries(run.versions))
    ].join('\n\n') + '\n'
  )
}

function frontMatter({ run, format, hub }: Card): string {
  const { licence } = run.base
  // The hub knows licences by such short names only.
  const known = /^[a-z0-9][a-z0-9.-]*$/.test(licence) && licence !== 'unknown'
  return [
    '---',
    ...(licence === 'unknown'
      ? []
      : known
        ? [`license: ${licence}`]
        : ['license: other', `license_name: ${quoted(licence)}`]),
    ...(hub === null ? [] : [`base_model: ${hub}`]),
    `library_name: ${shapes[format].library}`,
    'pipeline_tag: text2text-generation',
    `tags: [recross-lab, retrieval-augmented-fine-tuning${format === 'onnx' ? ', onnx' : ''}]`,
    '---'
  ].join('\n')
}

function usage(card: Card): string {
  const { asked, format, hub, run } = card
  const { prefix } = asked.model
  const { beams, maxOutputTokens } = asked.evaluation
  const from = quoted(format === 'peft' ? (hub ?? 'folder of the base model') : '.')
  const lines = [
    ...(format === 'peft' ? ['from peft import PeftModel'] : []),
    'from transformers import AutoModelForSeq2SeqLM, AutoTokenizer',
    '',
    `tokenizer = AutoTokenizer.from_pretrained(${from})`,
    `model = AutoModelForSeq2SeqLM.from_pretrained(${from})`,
    ...(format === 'peft' ? ['model = PeftModel.from_pretrained(model, ".").eval()'] : []),
    `inputs = tokenizer(${quoted(prefix)} + "your question", return_tensors="pt")`,
    `answer = model.generate(**inputs, num_beams=${beams}, max_new_tokens=${maxOutputTokens})`,
    'print(tokenizer.decode(answer[0], skip_special_tokens=True))'
  ]
  const note =
    prefix === ''
      ? ''
      : `\n\nIt was tuned with ${quoted(prefix)} before every input and every output: put it before yours.`
  const belongs = format === 'peft' ? `\n\nThe base model is ${run.base.name}, from ${run.base.source}.` : ''
  return `${format === 'onnx' ? onnxUsage(card) : ''}\`\`\`python\n${lines.join('\n')}\n\`\`\`${note}${belongs}`
}

function onnxUsage({ besides }: Card): string {
  const least =
    besides.length === 0
      ? ''
      : ` They leave out what generation_config.json asks for besides (${besides.join(', ')}), which Optimum does.`
  return `With ONNX Runtime, the likeliest token at every step:

\`\`\`sh
pip install onnxruntime transformers && python answer.py "your question"
npm install onnxruntime-node && node answer.mjs 5 20 33 2   # ids of tokens, as tokenizer.json makes them
\`\`\`

Both are about 15 lines: copy them into your own program.${least} encoder_model.onnx, decoder_model.onnx and decoder_with_past_model.onnx read their weights from model.safetensors: keep the files together. Their inputs and outputs are those of Optimum, which searches with beams as well: \`ORTModelForSeq2SeqLM.from_pretrained(".", use_merged=False)\`.

The same folder with Transformers:

`
}

function settings(of: string, values: object): string[][] {
  return Object.entries(values).map(([name, value]) => [`${of}.${name}`, `\`${JSON.stringify(value)}\``])
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

/** Names come from users: a bar or a line break would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
const quoted = (text: string): string => JSON.stringify(text)
