/**
 * Mesa's lavapipe, a Vulkan driver in software that offers 16-bit numbers from version 25 on; SwiftShader offers none. Debian's package
 * mesa-vulkan-drivers of bookworm-backports brings it.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { needs } from '../../needs.ts'
import type { HalfOffer } from './offers-half.ts'
import { onDriver } from './swiftshader.ts'

const places = ['lvp_icd.json', 'lvp_icd.x86_64.json', 'lvp_icd.aarch64.json']
const description = places.map((name) => join('/usr/share/vulkan/icd.d', name)).find((path) => existsSync(path))

/** What a script of this folder prints as JSON. */
export function onLavapipe(script: string, ...parameters: readonly string[]): Promise<unknown> {
  return onDriver(description!, script, parameters)
}

/** The driver is there, and computes in half precision. */
export const withHalf = needs(
  description !== undefined && ((await onLavapipe('offers-half.ts')) as HalfOffer).code === null,
  'no Vulkan driver in software with 16-bit numbers here; install Mesa 25 (mesa-vulkan-drivers)'
)
