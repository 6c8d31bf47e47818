/** Names that columns have in the field's data sets, the surest first. */
export const known = {
  input: [
    'input_text',
    'input',
    'inputs',
    'prompt',
    'source',
    'question',
    'questions',
    'query',
    'instruction',
    'text',
    'sentence',
    'document',
    'article',
    'dialogue',
    'goal'
  ],
  output: [
    'output_text',
    'outputs',
    'output',
    'targets',
    'target',
    'answers',
    'answer',
    'completion',
    'response',
    'label_text',
    'label',
    'summary',
    'highlights',
    'answer_key',
    'answerkey',
    'correct_answer',
    'correct_option',
    'cop',
    'gold'
  ],
  task: ['task', 'task_name', 'dataset', 'dataset_name'],
  template: ['template', 'template_name', 'prompt_name', 'template_type'],
  group: ['group', 'task_group', 'cluster', 'category'],
  id: ['id', 'source_id', 'uid', 'guid', 'example_id', 'idx'],
  choices: ['answer_choices', 'choices', 'options']
} as const

const inputs = new Set<string>(known.input)
const outputs = new Set<string>(known.output)

/** Whether these are names of columns, to be sure: one of an input among them and one of an answer. */
export function isHead(cells: readonly string[]): boolean {
  const names = cells.map((cell) => cell.trim().toLowerCase())
  return names.some((name) => inputs.has(name)) && names.some((name) => outputs.has(name))
}

/** Whether an object is an example itself, whatever else it holds: it names its input, a text, and its answer. */
export function namesExample(record: Record<string, unknown>): boolean {
  const texts = Object.keys(record).filter((name) => typeof record[name] === 'string')
  return isHead(Object.keys(record)) && texts.some((name) => inputs.has(name.toLowerCase()))
}

/** What is said of such a row where an example should be. */
export const headExpected = 'an example; this row holds names of columns'
