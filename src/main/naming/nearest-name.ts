/** The name that was probably meant: few letters apart, whatever the case. Null where nothing is near. */
export function nearestName(wanted: string, known: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
  const scored = known.map((name) => ({ name, far: distance(plain(wanted), plain(name)) }))
  const [best] = scored.sort((a, b) => a.far - b.far)
  return best && best.far <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : null
}

/** Letters to add, drop, replace or swap. */
function distance(a: string, b: string): number {
  if (Math.max(a.length, b.length) > 200) return Infinity
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1)
      row.push(best)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
