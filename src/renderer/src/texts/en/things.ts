import type { ThingKind } from '../../../../main/contract/things.ts'

const kinds: Record<ThingKind, string> = {
  dataset: 'Data set',
  target: 'Target task',
  model: 'Model',
  index: 'Index',
  mining: 'Mined supervision',
  experiment: 'Experiment'
}

/** What is the same for everything that the lab holds. */
export const things = {
  kinds,
  more: 'More',
  edit: 'Name, note and tags',
  name: 'Name',
  note: 'Note',
  noteHint: 'For yourself and whoever works in this lab. It changes no result.',
  tags: 'Tags',
  tagsHint: 'Separated by commas. Lists can be searched for them.',
  used: 'Where it is used',
  usedTitle: (name: string) => `Where “${name}” is used`,
  usedNowhere: 'Nothing uses it.',
  archive: 'Archive',
  unarchive: 'Take out of the archive',
  archived: 'Archived',
  list: {
    search: 'Search this list',
    searchHint: 'Name, tag or note',
    showArchived: (n: number) => `Show archived (${n})`,
    nothing: 'Nothing matches',
    nothingText: 'Try fewer or other words.',
    select: (name: string) => `Select ${name}`,
    selectAll: 'Select all that are shown',
    selected: (n: number) => `${n} selected`,
    clear: 'Select none',
    more: (n: number) => `Show ${n} more`,
    all: (n: string) => `${n} in all`,
    shown: (n: string, all: string) => `${n} of ${all}`
  },
  bin: {
    title: 'Bin',
    lead: 'Deleted things wait here for a while and can be brought back, with everything that went with them.',
    empty: 'The bin is empty.',
    restore: 'Bring back',
    forGood: 'Delete for good',
    emptyAll: (size: string) => `Empty the bin (${size})`,
    until: (date: string) => `until ${date}`,
    with: (n: number) => `with ${n} ${n === 1 ? 'other' : 'others'}`
  }
}
