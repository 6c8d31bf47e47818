import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { strategies, strategyNames } from '../../../src/main/contract/strategies.ts'

type Rgb = [number, number, number]
const css = readFileSync(join(import.meta.dirname, '../../../src/renderer/src/app.css'), 'utf8')
const [light, dark] = (['light', 'dark'] as const).map((theme) => {
  const block = (theme === 'light' ? /:root \{([^}]*)\}/ : /\.dark \{([^}]*)\}/).exec(css)?.[1] ?? ''
  return block + strategyNames.map((name) => `--s-${name}: ${strategies[name].look[theme]};`).join(' ')
}) as [string, string]

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

function colour(theme: string, name: string): Rgb {
  const hex = new RegExp(`--${name}: #([0-9a-f]{6})`).exec(theme)?.[1]
  if (!hex) throw new Error(`there is no colour --${name}`)
  return [0, 2, 4].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255)) as Rgb
}

/** Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const deficiencies: Record<string, number[][]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1]
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998]
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881]
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039]
  ]
}

function lab(rgb: Rgb): Rgb {
  const [r, g, b] = rgb
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047)
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b)
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

const seen = (rgb: Rgb, matrix: number[][]): Rgb =>
  matrix.map((row) =>
    Math.max(
      0,
      Math.min(
        1,
        row.reduce((sum, factor, n) => sum + factor * (rgb[n] ?? 0), 0)
      )
    )
  ) as Rgb
const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b

for (const [name, theme] of [
  ['light', light],
  ['dark', dark]
] as const) {
  for (const [deficiency, matrix] of Object.entries(deficiencies)) {
    test(`strategy colours differ: ${name}, ${deficiency}`, () => {
      for (const [place, a] of strategyNames.entries())
        for (const b of strategyNames.slice(place + 1)) {
          const [one, two] = [a, b].map((strategy) => lab(seen(colour(theme, `s-${strategy}`), matrix)))
          if (one && two) expect(distance(one, two), `${a} and ${b}`).toBeGreaterThan(10)
        }
    })
  }

  test(`strategy marks stand out from the paper (3:1): ${name}`, () => {
    const paper = luminance(colour(theme, 'surface'))
    for (const strategy of strategyNames) {
      const mark = luminance(colour(theme, `s-${strategy}`))
      const contrast = (Math.max(paper, mark) + 0.05) / (Math.min(paper, mark) + 0.05)
      expect(contrast, strategy).toBeGreaterThan(3)
    }
  })
}
