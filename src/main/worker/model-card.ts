import type { ExportFormat, TunedRun } from '../contract/tuned-models.ts'
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
      `${format === 'hf' ? 'The base model with its changes in it.' : 'A LoRA adapter for the base model.'} It was tuned on examples that the strategy “${asked.strategy}” chose from upstream data, in the experiment “${run.experiment}”.`,
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
    `library_name: ${format === 'hf' ? 'transformers' : 'peft'}`,
    'pipeline_tag: text2text-generation',
    'tags: [recross-lab, retrieval-augmented-fine-tuning]',
    '---'
  ].join('\n')
}

function usage({ asked, format, hub, run }: Card): string {
  const { prefix } = asked.model
  const { beams, maxOutputTokens } = asked.evaluation
  const from = quoted(format === 'hf' ? '.' : (hub ?? 'folder of the base model'))
  const lines = [
    ...(format === 'hf' ? [] : ['from peft import PeftModel']),
    'from transformers import AutoModelForSeq2SeqLM, AutoTokenizer',
    '',
    `tokenizer = AutoTokenizer.from_pretrained(${from})`,
    `model = AutoModelForSeq2SeqLM.from_pretrained(${from})`,
    ...(format === 'hf' ? [] : ['model = PeftModel.from_pretrained(model, ".").eval()']),
    `inputs = tokenizer(${quoted(prefix)} + "your question", return_tensors="pt")`,
    `answer = model.generate(**inputs, num_beams=${beams}, max_new_tokens=${maxOutputTokens})`,
    'print(tokenizer.decode(answer[0], skip_special_tokens=True))'
  ]
  const note =
    prefix === ''
      ? ''
      : `\n\nIt was tuned with ${quoted(prefix)} before every input and every output: put it before yours.`
  const belongs = format === 'peft' ? `\n\nThe base model is ${run.base.name}, from ${run.base.source}.` : ''
  return `\`\`\`python\n${lines.join('\n')}\n\`\`\`${note}${belongs}`
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
