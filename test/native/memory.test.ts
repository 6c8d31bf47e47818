import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { needs } from '../needs.ts'
import { adviseLargePages, loadAddon } from '../../native/index.ts'

const { addon, reason } = loadAddon()
const withAddon = needs(addon, `no native addon: ${reason}`)

test('advice to use large pages changes no number, with or without the addon', () => {
  const { buffer } = new WebAssembly.Memory({ initial: 128, maximum: 128, shared: true })
  const array = new Float32Array(buffer).fill(0.5)
  expect(typeof adviseLargePages(array)).toBe('boolean')
  expect(adviseLargePages(new Float32Array(0))).toBe(false)
  expect(array.every((value) => value === 0.5)).toBe(true)
})

test('large pages are asked for where the system has them', withAddon, () => {
  const { buffer } = new WebAssembly.Memory({ initial: 1024, maximum: 1024, shared: true })
  const before = advisedMappings()
  const taken = adviseLargePages(new Float32Array(buffer))
  expect(taken).toBe(process.platform === 'linux' && existsSync('/sys/kernel/mm/transparent_hugepage'))
  if (taken) expect(advisedMappings()).toBe(before + 1)
})

test('anything but floats is refused', withAddon, () => {
  expect(() => addon!.adviseLargePages([1, 2] as unknown as Float32Array)).toThrow('array must be a Float32Array')
})

/** Parts of this process's memory that carry the kernel's mark "hg": huge pages advised. */
function advisedMappings(): number {
  if (!existsSync('/proc/self/smaps')) return 0
  return readFileSync('/proc/self/smaps', 'utf8')
    .split('\n')
    .filter((line) => /^VmFlags:.* hg\b/.test(line)).length
}
