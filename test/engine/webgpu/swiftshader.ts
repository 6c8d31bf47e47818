/**
 * Runs a script with WebGPU on SwiftShader, a Vulkan driver in software: slow, but the code path of a real GPU. Debian's chromium
 * package brings it. In a process of its own, because the driver's libraries are found through the environment it starts with.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { needs } from '../../needs.ts'

const places = ['/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/lib/chromium-browser/vk_swiftshader_icd.json']

/** The driver's description; undefined where there is none. */
export const driver = process.env['VK_ICD_FILENAMES'] ?? places.find((path) => existsSync(path))

export const withDriver = needs(driver, 'no SwiftShader here; install chromium, or set VK_ICD_FILENAMES')

/** Milliseconds: the driver compiles hundreds of shaders, which takes minutes on a busy machine. */
export const patience = 600_000

/** What a script of this folder prints as JSON. */
export function onSwiftShader(script: string, ...parameters: readonly string[]): Promise<unknown> {
  return onDriver(driver!, script, parameters)
}

/** The same with the driver that a file describes. */
export async function onDriver(description: string, script: string, parameters: readonly string[]): Promise<unknown> {
  const libraries = [dirname(description), process.env['LD_LIBRARY_PATH'] ?? ''].filter((path) => path !== '').join(':')
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, script), ...parameters], {
    env: {
      ...process.env,
      VK_ICD_FILENAMES: description,
      VK_DRIVER_FILES: description,
      XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? tmpdir(),
      LD_LIBRARY_PATH: libraries
    },
    maxBuffer: 1 << 28
  })
  return JSON.parse(stdout)
}
