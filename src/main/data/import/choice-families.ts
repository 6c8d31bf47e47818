/** What the columns of choices are called before their letter or number. */
const stems = /^(option|opt|op|choice|answer|ans|ending|sol|solution|alternative|candidate|mc_answer|mc)?$/i

/**
 * Columns that stand for one choice each: alike but for a letter from A or a number from 0 or 1, such as A, B, C, D;
 * `option_1`, `option_2`; `ans0`, `ans1`, `ans2`. In their order; those with the most choices first.
 */
export function choiceFamilies(columns: readonly string[]): string[][] {
  const byStem = new Map<string, Map<number, string>>()
  for (const column of columns) {
    const [, stem, sign] = /^(.*?)[ _-]?([a-hA-H]|\d)$/.exec(column.trim()) ?? []
    if (stem === undefined || sign === undefined || !stems.test(stem.trim())) continue
    const digit = /\d/.test(sign)
    // A column that is called "1" is not called anything.
    if (stem === '' && digit) continue
    const kind = `${stem} ${digit ? '1' : sign === sign.toUpperCase() ? 'A' : 'a'}`
    const members = byStem.get(kind) ?? new Map<number, string>()
    byStem.set(kind, members)
    members.set(digit ? Number(sign) : sign.toLowerCase().charCodeAt(0) - 97, column)
  }
  return [...byStem.values()]
    .map((members) => [...members].sort(([a], [b]) => a - b))
    .filter((members) => members.length >= 2 && members[0]![0] <= 1)
    .filter((members) => members.every(([place], n) => place === members[0]![0] + n))
    .map((members) => members.map(([, column]) => column))
    .sort((a, b) => b.length - a.length)
}
