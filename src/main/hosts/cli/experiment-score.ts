import { Option, type Command } from 'commander'
import type { AnswerBreakdown } from '../../contract/answers.ts'
import { LabError } from '../../contract/error.ts'
import type { ScoringRule } from '../../contract/scoring-rule.ts'
import type { CommandContext, RunCommand } from './command.ts'
import { comparisonText } from './comparison-text.ts'
import { anyNumber } from './numbers.ts'
import { table } from './table.ts'

interface RuleOptions {
  contains?: true
  inWords?: true
  pattern?: string
  number?: true
  within?: number
  percent?: true
  label?: string[]
}

/** `experiment score | breakdown`: kept answers under another rule, and taken apart. Nothing is computed again. */
export function addScoring(experiment: Command, run: RunCommand): void {
  ruleOptions(
    experiment
      .command('score <experiment>')
      .description('judge the kept answers by another rule, with all tests; nothing runs again')
  ).action(
    run(async ({ client, print }, id: string, options: RuleOptions) => {
      const rule = ruleOf(options)
      if (!rule) throw new LabError('bad-rule', 'Say how to judge: --contains, --pattern, --number or --label.')
      const comparison = await client.compare.table({ experimentId: id, rule })
      print({ rule, comparison }, comparisonText(comparison))
    })
  )
  ruleOptions(
    experiment
      .command('breakdown <experiment>')
      .description('confusions, scores of every label and by length of the question, for every strategy')
      .requiredOption('--target <target>', 'the target')
  ).action(run(breakdown))
}

function ruleOptions(command: Command): Command {
  const one = (flags: string, text: string, others: string[]) => new Option(flags, text).conflicts(others)
  return command
    .addOption(
      one('--contains', 'right where a right answer occurs in it as whole words', ['pattern', 'number', 'label'])
    )
    .option('--in-words', 'with --contains: inside of words too')
    .addOption(
      one('--pattern <regex>', 'right where it matches; a group is the answer, {answer} a right one', [
        'number',
        'label'
      ])
    )
    .addOption(one('--number', 'right where its last number is that of a right answer', ['label']))
    .option('--within <tolerance>', 'with --number: how far off it may be', anyNumber(0))
    .option('--percent', 'with --number: the tolerance is a percentage of the right number')
    .option(
      '--label <label=words...>',
      'labels with the words that mean them, e.g. --label yes=true,correct no=false,wrong'
    )
}

function ruleOf(options: RuleOptions): ScoringRule | undefined {
  const { contains, inWords, pattern, number, within = 0, percent, label } = options
  if (contains) return { kind: 'contains', wholeWords: !inWords }
  if (pattern !== undefined) return { kind: 'pattern', pattern, ignoreCase: true }
  if (number) return { kind: 'number', tolerance: percent ? within / 100 : within, relative: percent === true }
  if (label === undefined) return undefined
  const labels = label.map((text) => {
    const [name, words] = text.split('=')
    if (!name || !words)
      throw new LabError('bad-rule', `"${text}" is no label with words. Write it as yes=true,correct.`)
    return [name, words.split(',').filter((word) => word !== '')]
  })
  return { kind: 'labels', labels: Object.fromEntries(labels) as Record<string, string[]> }
}

async function breakdown(
  { client, print }: CommandContext,
  id: string,
  { target, ...options }: RuleOptions & { target: string }
): Promise<void> {
  const rule = ruleOf(options)
  const parts = await client.compare.breakdown({ experimentId: id, targetId: target, ...(rule ? { rule } : {}) })
  print(parts, parts.map(breakdownText).join('\n\n'))
}

function breakdownText({ label, labels, confusion, perLabel, lengths, templates }: AnswerBreakdown): string {
  const number = (value: number | null) => (value === null ? '–' : value.toFixed(1))
  const byLength = table(
    ['characters', 'rows', 'right %'],
    lengths.map(({ from, to, rows, score }) => [`${from}–${to}`, String(rows), number(score)]),
    ['rows', 'right %']
  )
  const byTemplate =
    templates.length === 0
      ? []
      : [
          table(
            ['template', 'rows', 'right %'],
            templates.map(({ template, rows, score }) => [template, String(rows), number(score)]),
            ['rows', 'right %']
          )
        ]
  if (labels === null) return [label, byLength, ...byTemplate].join('\n')
  const figures = ['rows', 'precision', 'recall', 'F1']
  const scores = perLabel.map((one) => [
    one.label,
    String(one.rows),
    number(one.precision),
    number(one.recall),
    number(one.f1)
  ])
  const counts = confusion.map((row, at) => [labels[at]!, ...row.map(String)])
  return [
    label,
    table(['label', ...figures], scores, figures),
    table(['right \\ answered', ...labels], counts, labels),
    byLength,
    ...byTemplate
  ].join('\n')
}
