import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Client } from '../../contract/client.ts'
import type { HubModelLook, ModelLook } from '../../contract/models.ts'
import type { CommandContext } from './command.ts'
import { bytes } from './table.ts'

/** `models look`: a folder where there is one; otherwise what is called like a repository is looked up on the hub. */
export async function lookAt(
  { client, print }: CommandContext,
  model: string,
  { revision }: { revision: string }
): Promise<void> {
  if (!existsSync(model) && /^[\w-][\w.-]*\/[\w.-]+$/.test(model))
    return print(...(await hubModel(client, model, revision)))
  const look = await client.models.look({ folder: resolve(model) })
  const took = `Loading and one text took ${look.seconds.toFixed(1)} s.`
  print(look, [`${kindOf(look)}, ${bytes(look.bytes)}.`, `${reads(look)} ${took}`, ...notesOf(look)].join('\n'))
}

/** What a model on the hub is, as data and as text. */
export async function hubModel(client: Client, repo: string, revision: string): Promise<[HubModelLook, string]> {
  const look = await client.catalog.lookAtModel({ repo, revision })
  const { card, licence, files, tensors, unseen } = look
  const lines = [
    `${repo} (${look.revision})${card?.title ? `: ${card.title}` : ''}`,
    `${kindOf(look)}; ${files} files, ${bytes(look.bytes)} to download.`,
    reads(look),
    `Licence: ${licence ?? 'not stated'}.${card && card.languages.length > 0 ? ` Languages: ${card.languages.join(', ')}.` : ''}`,
    tensors === null
      ? `The lab knows this kind of model. What is in ${unseen.join(', ')} shows when it has come.`
      : `The lab can run it: all its weights are there and have the right shape (${tensors} tensors).`,
    ...notesOf(look)
  ]
  return [look, lines.join('\n')]
}

type Seen = Omit<ModelLook, 'parameters'> & { parameters: number | null }

const kindOf = ({ architecture, role, parameters }: Seen): string =>
  `${architecture} (${role})${parameters === null ? '' : `, ${parameters.toLocaleString('en')} parameters`}`
const reads = ({ maxInputTokens }: Seen): string => `Reads up to ${maxInputTokens ?? 'any number of'} tokens.`
const notesOf = ({ notes }: Seen): string[] => notes.map((note) => `Note: ${note}`)
