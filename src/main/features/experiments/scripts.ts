/** Scripts of languages (ISO 639-1) that are not written in Latin letters alone. */
const other: Record<string, readonly string[]> = {
  ...Object.fromEntries(['ru', 'uk', 'bg', 'be', 'mk', 'kk', 'ky', 'mn', 'tg'].map((code) => [code, ['Cyrillic']])),
  ...Object.fromEntries(['ar', 'fa', 'ur', 'ps', 'ug'].map((code) => [code, ['Arabic']])),
  ...Object.fromEntries(['hi', 'mr', 'ne', 'sa'].map((code) => [code, ['Devanagari']])),
  ...{ sr: ['Cyrillic', 'Latin'], el: ['Greek'], he: ['Hebrew'], bn: ['Bengali'], ta: ['Tamil'], te: ['Telugu'] },
  ...{ th: ['Thai'], ka: ['Georgian'], hy: ['Armenian'], zh: ['Han'], ko: ['Hangul', 'Han'] },
  ja: ['Hiragana', 'Katakana', 'Han']
}

/** The scripts that languages are written in; null where nobody can say: none are named, or one that is no ISO 639-1 code. */
export function scriptsOf(languages: readonly string[]): ReadonlySet<string> | null {
  const codes = languages.map((one) => one.split('-')[0]!)
  if (codes.length === 0 || codes.some((code) => code.length !== 2)) return null
  return new Set(codes.flatMap((code) => other[code] ?? ['Latin']))
}
