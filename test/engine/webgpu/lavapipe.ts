/**
 * Mesa's lavapipe, a Vulkan driver in software that offers 16-bit numbers from version 25 on; SwiftShader offers none. Debian's package
 * mesa-vulkan-drivers of bookworm-backports brings it, which `lavapipe.sh` puts into the folder that RECROSS_LAVAPIPE names.
 */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needs } from '../../needs.ts'
import type { HalfOffer } from './offers-half.ts'
import { onDriver } from './swiftshader.ts'

const places = [
  join(process.env['RECROSS_LAVAPIPE'] ?? join(tmpdir(), 'recross-lavapipe'), 'lavapipe.json'),
  ...['lvp_icd.json', 'lvp_icd.x86_64.json'].map((name) => join('/usr/share/vulkan/icd.d', name))
]
const description = places.find((path) => existsSync(path))

/** What a script of this folder prints as JSON. */
export function onLavapipe(script: string, ...parameters: readonly string[]): Promise<unknown> {
  return onDriver(description!, script, parameters)
}

/** The driver is there, and computes in half precision. */
export const withHalf = needs(
  description !== undefined && ((await onLavapipe('offers-half.ts')) as HalfOffer).code === null,
  'no Vulkan driver in software with 16-bit numbers here; run test/engine/webgpu/lavapipe.sh, or install Mesa 25'
)
