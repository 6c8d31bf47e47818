import type { Comparison } from '../../../src/main/contract/comparison.ts'

/** Names as no chart likes them: wide letters, other writings, long ones. */
const names = [
  'WWWW MMMM WWWW MMMM WWWW MMMM',
  '感情分析と自然言語推論の評価データセット（第二版）',
  'commitment_bank_with_all_of_its_templates_and_more'
]
const columns = 8

/** A comparison with eight columns, wide names, scores at both ends of the scale and spreads of every size. */
export function crowded(table: Comparison): Comparison {
  const twin = table.columns.at(-1)!
  const more = Array.from({ length: columns - table.columns.length }, (_, at) => ({
    ...twin,
    key: `${twin.key}|tune.learningRate=${at}`,
    variant: [
      { path: 'tune.learningRate', value: (at + 1) * 1e-6 },
      { path: 'retrieval.budget', value: 2048 }
    ],
    label: `${twin.label}, learning rate 0.00000${at + 1}, budget 2,048`
  }))
  const spread = <T extends { column: string }>(all: readonly T[]): T[] => [
    ...all,
    ...more.flatMap(({ key }) => all.filter((one) => one.column === twin.key).map((one) => ({ ...one, column: key })))
  ]
  const cells = spread(table.cells).map((cell, at) => {
    if (cell.summary === null) return cell
    const mean = [0, 100, 50, 99.4, 0.6, 72.3][at % 6]!
    return { ...cell, summary: { ...cell.summary, mean, sd: [0, 0.3, 24, 6][at % 4]! } }
  })
  const tests = spread(table.tests).map((one, at) => {
    const difference = [-61.4, 0, 58.9, 0.2][at % 4]!
    const half = [38, 0.4, 12][at % 3]!
    const interval: [number, number] = [difference - half, difference + half]
    return { ...one, sentence: `${one.sentence} (${at})`, difference, interval }
  })
  return {
    ...table,
    columns: [...table.columns, ...more],
    targets: table.targets.map((target, at) => ({ ...target, name: names[at % names.length]! })),
    ...{ cells, tests },
    points: spread(table.points).map((point, at) => ({
      ...point,
      seconds: 0.4 + (at % 9) * 9999,
      score: (at * 37) % 101
    }))
  }
}
