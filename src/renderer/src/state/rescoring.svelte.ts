import type { Subject } from '../../../main/contract/comparison.ts'
import type { AnswerBreakdown } from '../../../main/contract/answers.ts'
import { scoringRuleSchema, type ScoringRule } from '../../../main/contract/scoring-rule.ts'
import type { Client } from '../api/client.ts'
import { texts } from '../texts/texts.ts'
import { ComparePage } from './compare-page.svelte.ts'
import { Resource } from './resource.svelte.ts'

export const ruleKinds = ['contains', 'pattern', 'number', 'labels'] as const
export type RuleKind = (typeof ruleKinds)[number]

/** Kept answers under a rule that the user writes, and taken apart. */
export class Rescoring {
  kind = $state<RuleKind>('contains')
  wholeWords = $state(true)
  pattern = $state('')
  tolerance = $state(0)
  relative = $state(false)
  labels = $state('')
  targetId = $state<string | null>(null)
  /** The rule that the table shows; null: none yet. */
  applied = $state.raw<ScoringRule | null>(null)
  readonly page: ComparePage
  readonly parts: Resource<AnswerBreakdown[]>

  constructor(client: Client, subject: Subject) {
    this.page = new ComparePage(client, subject, () => this.applied)
    this.parts = new Resource(() =>
      client.compare.breakdown({
        ...subject,
        targetId: this.targetId ?? '',
        ...(this.applied ? { rule: this.applied } : {})
      })
    )
  }

  /** The rule that the form says, or what is wrong with it. */
  get rule(): { rule: ScoringRule; problem: null } | { rule: null; problem: string } {
    const words = texts.compare.rescore
    const labels = labelsFrom(this.labels)
    if (this.kind === 'labels' && typeof labels === 'number') return { rule: null, problem: words.labelProblem(labels) }
    const entered: Record<RuleKind, object> = {
      contains: { wholeWords: this.wholeWords },
      pattern: { pattern: this.pattern, ignoreCase: true },
      number: { tolerance: this.tolerance, relative: this.relative },
      labels: { labels }
    }
    const { data: rule } = scoringRuleSchema.safeParse({ kind: this.kind, ...entered[this.kind] })
    return rule ? { rule, problem: null } : { rule: null, problem: words.missing }
  }

  async apply(): Promise<void> {
    const { rule } = this.rule
    if (!rule) return
    this.applied = rule
    await Promise.all([this.page.table.load(), this.takeApart()])
  }

  async takeApart(): Promise<void> {
    if (this.targetId !== null) await this.parts.load()
  }
}

/** The lines `label = word, word`; the number of the first line that is none. */
function labelsFrom(text: string): Record<string, string[]> | number {
  const labels: Record<string, string[]> = {}
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const [, label = '', words = ''] = /^([^=]+)=(.*)$/.exec(line) ?? []
    const list = words
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean)
    if (label.trim() === '' || list.length === 0) return at + 1
    labels[label.trim()] = list
  }
  return labels
}
