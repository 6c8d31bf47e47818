/**
 * The oldest Node that runs the lab: SQLite's driver needs Node-API 10, and ONNX Runtime's binding takes tensors in
 * shared memory from 24.9 on. An older one ends in native code, without a word.
 */
export const oldestNode = '24.9.0'

/** Is this version, such as "24.21.0", at least `least`? */
export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)))
  for (const [place, number] of b!.entries()) {
    if ((a![place] ?? 0) !== number) return (a![place] ?? 0) > number
  }
  return true
}
