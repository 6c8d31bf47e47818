import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import type { PlaceSettings } from '../contract/places.ts'
import { explainLoss } from './explain-loss.ts'
import { sshCommand } from './ssh.ts'

/** One archive with all that a node needs: Node, the lab's programs, native code. No installation, no compiler, no network. */
export interface Bundle {
  /** Path of the .tar.gz on this computer. */
  file: string
  /** Of what is in it: names its folder on a place. */
  hash: string
  /** Paths in the archive. */
  agent: string
  worker: string
}

/** Puts the bundle below the place's folder, once for each content; gives where it lies. Throws the kinds of `place-lost`. */
export async function putBundle(bundle: Bundle, settings: PlaceSettings): Promise<string> {
  const where = `${settings.folder}/bundle/${bundle.hash}`
  if (await isReady(settings, where)) return where
  const beside = `${where}.part`
  await remote(settings, ['mkdir', '-p', '-m', '700', settings.folder])
  await remote(settings, ['mkdir', '-p', beside])
  // A piece that is cut off is no whole gzip stream: tar fails, and nothing is taken for ready.
  await remote(settings, ['tar', '-xzf', '-', '-C', beside], bundle.file)
  await remote(settings, ['touch', `${beside}/ready`])
  await remote(settings, ['mv', '-T', beside, where])
  return where
}

async function isReady(settings: PlaceSettings, where: string): Promise<boolean> {
  return (await remote(settings, ['ls', `${settings.folder}/bundle/`], null, true))
    .split('\n')
    .includes(where.split('/').at(-1)!)
}

/** One command over there; `lenient`: its failure is an answer too, if ssh itself worked. */
function remote(
  settings: PlaceSettings,
  words: string[],
  input: string | null = null,
  lenient = false
): Promise<string> {
  const { program, args } = sshCommand(settings, words)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let out = ''
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)))
    child.stdin.on('error', () => undefined)
    child.on('error', (error) => reject(explainLoss(settings.ssh!, error.message)))
    // 255 is ssh's own.
    child.on('close', (code) =>
      code === 0 || (lenient && code !== 255 && code !== null) ? resolve(out) : reject(explainLoss(settings.ssh!, said))
    )
    if (input === null) child.stdin.end()
    else createReadStream(input).on('error', reject).pipe(child.stdin)
  })
}
