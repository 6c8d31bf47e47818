import { join } from 'node:path'
import type { Answers } from '../engine/export-onnx.ts'
import { writeWhole } from '../files/durable.ts'

interface Asking {
  /** Before every input. */
  prefix: string
  /** Tokens of an input that are read. */
  maxInputTokens: number
  /** New tokens of an answer. */
  longest: number
}

/** Short programs beside the graphs that answer with them, for JavaScript and Python: the likeliest token at every step. */
export async function writeScripts(folder: string, answers: Answers, asking: Asking): Promise<void> {
  await writeWhole(join(folder, 'answer.mjs'), javaScript(answers, asking))
  await writeWhole(join(folder, 'answer.py'), python(answers, asking))
}

const javaScript = ({ start, ends, forced }: Answers, { longest }: Asking): string =>
  `// Ids of tokens in, ids out: node answer.mjs 5 20 33 2    (npm install onnxruntime-node)
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { fileURLToPath } from 'node:url'
const [start, ends, forced, longest] = [${start}, ${JSON.stringify(ends)}, ${JSON.stringify(forced)}, ${longest}]
const open = (name) => InferenceSession.create(fileURLToPath(new URL(\`\${name}.onnx\`, import.meta.url)))
const [encoder, first, next] = await Promise.all(['encoder_model', 'decoder_model', 'decoder_with_past_model'].map(open))
const row = (ids) => new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length])
export async function answer(question) {
  const [encoder_attention_mask, past, ids] = [row(question.map(() => 1)), {}, []]
  const read = await encoder.run({ input_ids: row(question), attention_mask: encoder_attention_mask })
  let out = await first.run({ input_ids: row([start]), encoder_attention_mask, encoder_hidden_states: read.last_hidden_state })
  for (;;) {
    const scores = out.logits.data
    ids.push(forced[ids.length] ?? scores.reduce((best, score, id) => (score > scores[best] ? id : best), 0))
    if (ends.includes(ids.at(-1)) || ids.length === longest) return ids
    for (const name in out) if (name !== 'logits') past[name.replace('present', 'past_key_values')] = out[name]
    out = await next.run({ input_ids: row(ids.slice(-1)), encoder_attention_mask, ...past })
  }
}
if (process.argv.length > 2) console.log((await answer(process.argv.slice(2).map(Number))).join(' '))
`

const python = ({ start, ends, forced }: Answers, { prefix, maxInputTokens, longest }: Asking): string =>
  `# A text in, the answer out: python answer.py "your question"    (pip install onnxruntime transformers)
import sys
from pathlib import Path
import numpy, onnxruntime, transformers
start, ends, forced, longest = ${start}, ${JSON.stringify(ends)}, {${Object.entries(forced)
    .map(([step, id]) => `${step}: ${id}`)
    .join(', ')}}, ${longest}
here = Path(__file__).resolve().parent
tokenizer = transformers.AutoTokenizer.from_pretrained(here)
names = ("encoder_model", "decoder_model", "decoder_with_past_model")
encoder, first, following = (onnxruntime.InferenceSession(here / f"{name}.onnx") for name in names)
run = lambda session, **given: dict(zip([output.name for output in session.get_outputs()], session.run(None, given)))
row = lambda ids: numpy.array([ids], dtype=numpy.int64)
def answer(text):
    question = tokenizer(${JSON.stringify(prefix)} + text, truncation=True, max_length=${maxInputTokens})["input_ids"]
    mask, past, ids = row([1] * len(question)), {}, []
    read = run(encoder, input_ids=row(question), attention_mask=mask)["last_hidden_state"]
    out = run(first, input_ids=row([start]), encoder_attention_mask=mask, encoder_hidden_states=read)
    while True:
        ids.append(forced.get(len(ids), int(out["logits"].argmax())))
        if ids[-1] in ends or len(ids) == longest:
            return tokenizer.decode(ids, skip_special_tokens=True)
        past |= {name.replace("present", "past_key_values"): out[name] for name in out if name != "logits"}
        out = run(following, input_ids=row(ids[-1:]), encoder_attention_mask=mask, **past)
if len(sys.argv) > 1:
    print(answer(sys.argv[1]))
`
