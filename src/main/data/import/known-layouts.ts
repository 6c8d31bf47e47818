import type { ColumnMapping } from '../../contract/import.ts'
import { valueAt } from './column-path.ts'

/** A layout that data sets of the field come in: which columns tell it, and how they become examples, whole. */
export interface KnownLayout {
  name: string
  /** Columns that must be there; one of several where they stand in a list. */
  needs: readonly (string | readonly string[])[]
  /** What the first row must be like, where names alone do not tell. */
  like?: (row: Record<string, unknown>) => boolean
  mapping: ColumnMapping
  /** Texts that the layout has but that are no part of its question. */
  leaves?: readonly string[]
}

const yesAndNo = { true: 'yes', false: 'no', True: 'yes', False: 'no', TRUE: 'yes', FALSE: 'no', '1': 'yes', '0': 'no' }
const isList = (column: string) => (row: Record<string, unknown>) => {
  const value = valueAt(row, column)
  return Array.isArray(value) || (typeof value === 'string' && /^\s*[[(]/.test(value))
}
/** A value that is null says nothing about what is in it. */
const has = (path: string) => (row: Record<string, unknown>) => (valueAt(row, path) ?? null) !== null

/** One row a layout, the surest first. Columns that are in a mapping but not in a file are left away. */
export const knownLayouts: readonly KnownLayout[] = [
  {
    name: 'chat',
    needs: ['messages'],
    like: has('messages.@answer'),
    mapping: { input: 'messages.@question', output: 'messages.@answer', id: 'id' }
  },
  {
    name: 'ShareGPT',
    needs: ['conversations'],
    like: has('conversations.@answer'),
    mapping: { input: 'conversations.@question', output: 'conversations.@answer', id: 'id' }
  },
  {
    name: 'chat',
    needs: ['conversation'],
    like: has('conversation.@answer'),
    mapping: { input: 'conversation.@question', output: 'conversation.@answer', id: 'id' }
  },
  {
    name: 'P3',
    needs: ['inputs_pretokenized', 'targets_pretokenized'],
    mapping: {
      input: 'inputs_pretokenized',
      output: 'targets_pretokenized',
      choices: 'answer_choices',
      answer: 'text',
      id: 'idx'
    }
  },
  {
    name: 'Super-NaturalInstructions',
    needs: ['definition', 'inputs', 'targets'],
    mapping: { input: '{definition}\n\n{inputs}', output: 'targets', task: 'task_name', id: 'id' }
  },
  {
    name: 'BIG-bench with choices',
    needs: ['input', 'target_scores'],
    mapping: { input: 'input', output: 'target_scores.@best', choices: 'target_scores.@names' }
  },
  {
    name: 'BIG-bench',
    needs: ['input', 'target'],
    mapping: { input: 'input', output: 'target', choices: 'answer_choices', task: 'task', id: 'idx' }
  },
  {
    name: 'Alpaca',
    needs: ['instruction', 'input', 'output'],
    mapping: { input: '{instruction}\n{input}', output: 'output', id: 'id' },
    leaves: ['text']
  },
  {
    name: 'Dolly',
    needs: ['instruction', 'context', 'response'],
    mapping: { input: '{instruction}\n{context}', output: 'response', group: 'category' }
  },
  {
    name: 'HellaSwag',
    needs: ['ctx', 'endings', 'label'],
    mapping: { input: 'ctx', output: 'label', choices: 'endings', answer: 'index', id: 'ind' },
    leaves: ['activity_label', 'ctx_a', 'ctx_b', 'source_id', 'split', 'split_type']
  },
  {
    name: 'PIQA',
    needs: ['goal', 'sol1', 'sol2', 'label'],
    mapping: { input: 'goal', output: 'label', choices: '{sol1} ||| {sol2}', answer: 'index' }
  },
  {
    name: 'WinoGrande',
    needs: ['sentence', 'option1', 'option2', 'answer'],
    mapping: { input: 'sentence', output: 'answer', choices: '{option1} ||| {option2}', answer: 'number' }
  },
  {
    name: 'SocialIQa',
    needs: ['context', 'question', 'answerA', 'answerB', 'answerC', 'label'],
    mapping: {
      input: '{context}\nQuestion: {question}',
      output: 'label',
      choices: '{answerA} ||| {answerB} ||| {answerC}',
      answer: 'number'
    }
  },
  {
    name: 'CosmosQA',
    needs: ['context', 'question', 'answer0', 'answer1', 'answer2', 'answer3', 'label'],
    mapping: {
      input: '{context}\nQuestion: {question}',
      output: 'label',
      choices: '{answer0} ||| {answer1} ||| {answer2} ||| {answer3}',
      answer: 'index',
      id: 'id'
    }
  },
  {
    name: 'COPA',
    needs: ['premise', 'choice1', 'choice2', 'question', 'label'],
    mapping: {
      input: '{premise}\nWhat was the {question}?',
      output: 'label',
      choices: '{choice1} ||| {choice2}',
      answer: 'index',
      id: 'idx'
    }
  },
  {
    name: 'SciQ',
    needs: ['question', 'correct_answer', 'distractor1', 'distractor2', 'distractor3'],
    mapping: {
      input: '{support}\nQuestion: {question}',
      output: 'correct_answer',
      choices: '{correct_answer} ||| {distractor1} ||| {distractor2} ||| {distractor3}'
    }
  },
  {
    name: 'RACE',
    needs: ['article', 'question', 'options', 'answer'],
    mapping: {
      input: '{article}\nQuestion: {question}',
      output: 'answer',
      choices: 'options',
      answer: 'letter',
      id: 'example_id'
    }
  },
  {
    name: 'QuAIL',
    needs: ['context', 'question', 'answers', 'correct_answer_id'],
    mapping: {
      input: '{context}\nQuestion: {question}',
      output: 'correct_answer_id',
      choices: 'answers',
      answer: 'index',
      id: 'id'
    },
    leaves: ['metadata']
  },
  {
    name: 'ARC',
    needs: ['question', 'choices', 'answerKey'],
    like: has('choices.label'),
    mapping: {
      input: 'question',
      output: 'answerKey',
      choices: 'choices.text',
      choiceNames: 'choices.label',
      answer: 'letter',
      id: 'id'
    },
    leaves: ['question_concept']
  },
  {
    name: 'OpenBookQA',
    needs: ['question_stem', 'choices', 'answerKey'],
    mapping: {
      input: 'question_stem',
      output: 'answerKey',
      choices: 'choices.text',
      choiceNames: 'choices.label',
      answer: 'letter',
      id: 'id'
    }
  },
  {
    // CommonsenseQA, ARC and OpenBookQA as their makers publish them.
    name: 'questions with a stem',
    needs: ['question', 'answerKey'],
    like: has('question.stem'),
    mapping: {
      input: 'question.stem',
      output: 'answerKey',
      choices: 'question.choices.text',
      choiceNames: 'question.choices.label',
      answer: 'letter',
      id: 'id'
    }
  },
  {
    name: 'MMLU',
    needs: ['question', 'choices', 'answer'],
    like: isList('choices'),
    mapping: { input: 'question', output: 'answer', choices: 'choices', task: 'subject', id: 'id' }
  },
  {
    name: 'BoolQ',
    needs: ['passage', 'question', ['answer', 'label']],
    mapping: { input: '{passage}\nQuestion: {question}', output: 'answer', labels: yesAndNo, id: 'idx' },
    leaves: ['title']
  },
  {
    name: 'DROP',
    needs: ['passage', 'question', 'answers_spans'],
    mapping: { input: '{passage}\nQuestion: {question}', output: 'answers_spans.spans', id: 'query_id' }
  },
  {
    name: 'SQuAD',
    needs: ['context', 'question', 'answers'],
    like: has('answers.text'),
    mapping: { input: '{context}\nQuestion: {question}', output: 'answers.text', id: 'id' },
    leaves: ['title']
  },
  {
    name: 'questions on a text',
    needs: ['context', 'question', ['answers', 'answer']],
    mapping: { input: '{context}\nQuestion: {question}', output: 'answers', choices: 'choices', id: 'id' },
    leaves: ['title']
  },
  {
    name: 'NLI',
    needs: ['premise', 'hypothesis', ['label', 'gold_label']],
    mapping: { input: '{premise}\nHypothesis: {hypothesis}', output: 'label', id: 'idx' }
  },
  {
    name: 'NLI',
    needs: ['sentence1', 'sentence2', 'gold_label'],
    mapping: { input: '{sentence1}\nHypothesis: {sentence2}', output: 'gold_label', id: 'pairID' },
    leaves: ['sentence1_parse', 'sentence2_parse', 'sentence1_binary_parse', 'sentence2_binary_parse']
  },
  {
    name: 'pairs of sentences',
    needs: ['sentence1', 'sentence2', 'label'],
    mapping: { input: '{sentence1}\n{sentence2}', output: 'label', id: 'idx' }
  },
  {
    name: 'pairs of questions',
    needs: ['question1', 'question2', ['label', 'is_duplicate']],
    mapping: { input: '{question1}\n{question2}', output: 'label', id: 'idx' }
  },
  {
    name: 'MRPC',
    needs: ['Quality', '#1 String', '#2 String'],
    mapping: { input: '{#1 String}\n{#2 String}', output: 'Quality' }
  },
  {
    name: 'MRPC',
    needs: ['Quality', 'String1', 'String2'],
    mapping: { input: '{String1}\n{String2}', output: 'Quality' }
  },
  {
    name: 'TriviaQA',
    needs: ['question', 'answer'],
    like: has('answer.aliases'),
    mapping: { input: 'question', output: 'answer.@accepted', id: 'question_id' }
  },
  {
    name: 'FLAN',
    needs: ['inputs', 'targets'],
    mapping: { input: 'inputs', output: 'targets', task: 'task', template: 'template_type', id: 'id' },
    leaves: ['task_source', 'task_name']
  }
]

/** A table without names of columns, by how many there are. */
export function headerlessMapping(
  columns: readonly string[],
  rows: readonly Record<string, unknown>[]
): { name: string; mapping: ColumnMapping } | null {
  if (columns.some((name, n) => name !== `column ${n + 1}`)) return null
  if (columns.length === 2) return { name: 'CrossFit', mapping: { input: 'column 1', output: 'column 2' } }
  const isLetter = (value: unknown) => typeof value === 'string' && /^[A-E]$/.test(value)
  const letters = rows.length > 0 && rows.every((row) => isLetter(row[columns.at(-1)!]))
  if (columns.length >= 4 && letters)
    return {
      name: 'MMLU without a header',
      mapping: {
        input: 'column 1',
        output: columns.at(-1)!,
        choices: columns
          .slice(1, -1)
          .map((name) => `{${name}}`)
          .join(' ||| '),
        answer: 'letter'
      }
    }
  return null
}
