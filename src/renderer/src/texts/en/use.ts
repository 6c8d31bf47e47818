import type { KeepWeights } from '../../../../main/contract/experiments.ts'
import type { ExportFormat } from '../../../../main/contract/tuned-models.ts'

const keep: Record<KeepWeights, { title: string; text: string }> = {
  none: { title: 'Nothing', text: 'Scores and answers only. A run can be repeated to get its model back.' },
  best: { title: 'The best', text: 'Of each strategy and target task the round that scored best.' },
  all: { title: 'Everything', text: 'Every round of every strategy.' }
}

const formats: Record<ExportFormat, { title: string; text: string }> = {
  hf: {
    title: 'Whole model',
    text: 'A folder in Hugging Face layout, which Transformers and this lab load. As large as the base model.'
  },
  peft: {
    title: 'LoRA adapter',
    text: 'Only what tuning added, as PEFT loads it beside the base model. A few megabytes.'
  },
  onnx: {
    title: 'ONNX',
    text: 'The whole model with graphs that ONNX Runtime runs in JavaScript, Python and elsewhere, and a short script that answers with them.'
  }
}

export const use = {
  title: (name: string) => `Use: ${name}`,
  lead: 'Put texts to what was tuned, answer a whole file, or take a model out of the lab.',
  modelLead: 'Put texts to this model, or let it answer a whole file.',
  open: 'Use it',
  tryIt: 'Try it',
  nothing: 'Nothing can be asked yet',
  nothingText: 'As soon as a run of this experiment has finished, it can be asked here.',
  target: 'Tuned for the target task',
  tabs: { try: 'Try it', file: 'Answer a file', export: 'Take a model out', keep: 'What is kept' },
  try: {
    text: 'Your text',
    hint: 'Written as the test questions are: models answer what looks like what they were tuned on. Ctrl Enter asks.',
    example: 'For example a question of your own, with everything that is needed to answer it',
    ask: 'Ask',
    again: 'Ask again',
    stop: 'Stop',
    take: 'Put in a test question',
    answers: 'Answers',
    to: (text: string) => `To: “${text}”`,
    empty: 'The answers of all strategies stand here side by side, once you ask.',
    nothing: '(it answers nothing)',
    waiting: 'waits for its turn',
    asking: 'is being asked…',
    sure: (percent: string) => `${percent} sure`,
    sureText: 'How likely the model finds its own words. High does not mean right.',
    took: (time: string) => time,
    round: (n: number) => `round ${n}`,
    score: (value: string) => `scored ${value}`,
    notKept: 'Its weights were not kept.',
    repeat: 'Repeat the run to get them back',
    repeating: 'The run is being repeated',
    repeatText: 'If the numbers come out the same, the weights are back and it can be asked.'
  },
  file: {
    who: 'Who answers',
    drop: 'A text with one question a line, a table (CSV, Excel) with a column “question”, or JSON lines.',
    chosen: (name: string) => `File: ${name}`,
    path: 'Or the path of a file',
    start: 'Answer it',
    other: 'Another file',
    answered: (n: string) => `${n} answers`,
    shown: (n: string) => `The first ${n}. The file has all of them.`,
    columns: { question: 'Question', answer: 'Answer', certainty: 'Certainty' },
    certainty: 'Certainty is the geometric mean of the probabilities of the answer’s tokens. High does not mean right.',
    save: { csv: 'Save as CSV', xlsx: 'Save as Excel', jsonl: 'Save as JSON lines' },
    failed: 'It was not answered',
    cancelled: 'It was cancelled. What was answered so far is not kept.',
    gone: 'Its answers are no longer on the list of jobs. Answer the file again.'
  },
  export: {
    which: 'Which model',
    format: 'As',
    formats,
    noAdapter: 'This experiment tuned the weights themselves, so there is no adapter.',
    folder: 'Folder on this computer',
    folderHint: 'A new or empty folder. A model card with data, hashes, settings, licence and scores goes with it.',
    start: 'Write it',
    again: 'Write another',
    done: (folder: string) => `Written to ${folder}`,
    files: (n: string, size: string) => `${n} files, ${size}, each with its hash in the job’s log`,
    base: 'Use as base model',
    baseText: 'Makes it a model of this lab, for example as the base of the next experiment.',
    baseName: 'Name in the lab',
    baseDefault: (strategy: string, name: string) => `${name}, ${strategy}`,
    baseStart: 'Make it a base model',
    baseDone: (name: string) => `${name} is a model of the lab now`,
    openModel: 'Open the model',
    next: 'New experiment with it',
    failed: 'It was not written',
    none: 'No tuned weights are there',
    noneText:
      'None were kept, or nothing was tuned yet. Repeat a run under “Try it”, or keep more in the next experiment.'
  },
  keep: {
    title: 'Tuned weights that are kept',
    lead: 'Scores and answers always stay. Tuned weights take room, and are needed to ask, answer and export.',
    choices: keep,
    now: (n: string, size: string) => `${n} with their weights, ${size}`,
    less: 'What is too much is deleted at once, and for good. What is gone comes back only by repeating a run.',
    apply: 'Keep this',
    applied: 'Done',
    usual: 'usual here',
    size: (size: string) => size,
    plan: 'Kept of what is tuned'
  }
}
