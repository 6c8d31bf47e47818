import { LabError } from '../contract/error.ts'
import type { PlaceSettings } from '../contract/places.ts'

/** How an agent begins to say that a node did not see what lies on the login node; the node's name follows. */
export const notShared = 'NOT_SHARED'

/** What to do where nodes do not see the folder of the place. */
export function explainNotShared(where: string, { folder }: Pick<PlaceSettings, 'folder'>): LabError {
  const node = where.slice(notShared.length).trim()
  return new LabError(
    'place-not-shared',
    `${node === '' ? 'The node' : `The node ${node}`} does not see the folder ${folder} of this place: it lies on a file system that ` +
      'login node and nodes do not share. Choose a folder that they share, often one below /scratch, /work or a project’s folder, as the ' +
      'place’s folder (places change … --folder).',
    { details: { node, folder } }
  )
}
