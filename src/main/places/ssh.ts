import type { PlaceSettings } from '../contract/places.ts'
import type { Command } from './link.ts'

/**
 * The user's own ssh, which never asks: it takes known host keys only, and keys of the agent or the configuration. The words go
 * through the shell over there, so that they are names without any sign that a shell could read (contract/places.ts).
 */
export function sshCommand({ ssh, sshConfig }: PlaceSettings, words: readonly string[]): Command {
  const wrong = words.find((word) => !/^[A-Za-z0-9._/-]+$/.test(word))
  if (wrong !== undefined) throw new Error(`"${wrong}" must not go through a shell.`)
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    'ConnectTimeout=20',
    'ServerAliveInterval=15',
    'ForwardAgent=no',
    'ForwardX11=no'
  ]
  return {
    program: 'ssh',
    args: [
      ...(sshConfig === null ? [] : ['-F', sshConfig]),
      ...options.flatMap((option) => ['-o', option]),
      '-T',
      ssh!,
      '--',
      ...words
    ]
  }
}
