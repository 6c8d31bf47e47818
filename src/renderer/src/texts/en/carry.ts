import type { StudyContents } from '../../../../main/contract/study-zip.ts'

type What = StudyContents['items'][number]['what']

const kinds: Record<What, string> = {
  experiments: 'Experiments',
  datasets: 'Upstream data',
  targets: 'Target tasks',
  models: 'Models'
}

export const carry = {
  pack: {
    short: 'Pack for another computer',
    lead: 'Choose what goes along. Everything becomes one file, which the lab on the other computer opens and checks.',
    choose: 'What goes along',
    none: 'There is nothing of this kind here.',
    catalog: 'What is not here yet has to be fetched first:',
    getData: 'Get data',
    getModel: 'Get a model',
    also: 'With the chosen experiments',
    data: 'Their data and target tasks, so that they can be repeated there',
    models: 'Their models',
    weights: 'The weights that tuning made',
    indices: 'Indices of the data that go along, by the models that go along',
    path: 'File on this computer',
    pathHint: 'Ends in .zip. A memory stick does as well.',
    sizes: 'How large it is',
    total: 'Altogether, before packing',
    places: { runs: 'Runs', datasets: 'Data', models: 'Models', indices: 'Indices' },
    nothing: 'Choose something, and its size is shown here.',
    missing: (n: string) => `${n} of what was chosen is not in this lab any more and stays behind.`,
    start: 'Pack it',
    again: 'Pack another one',
    done: (path: string) => `Packed into ${path}`,
    facts: (files: string, size: string) =>
      `${files} files, ${size}. Each has its SHA-256 in the file, and all are checked where it is opened.`,
    there: 'There: start the lab, then Experiments → Open from another computer.',
    failed: 'It was not packed',
    cancelled: 'Packing was cancelled. No file was written.',
    gone: 'The job is not on the list any more.'
  },
  open: {
    short: 'Open from another computer',
    lead: 'A file that this lab has packed, here or elsewhere. It is looked into first; nothing is taken in before you say so.',
    file: 'The file',
    fileHint: 'Ends in .zip. Made by “Pack for another computer” or “study export”.',
    look: 'Look into it',
    made: (when: string, version: string) => `Packed ${when} by version ${version} of the lab`,
    holds: 'What is in it',
    kinds,
    columns: { name: 'Name', kind: 'Kind', size: 'Size', state: 'State' },
    here: 'here already',
    fresh: 'new',
    runs: (n: string) => `${n} new runs`,
    indices: (n: string) => `${n} new indices`,
    all: 'All of it is here already.',
    start: 'Take it in',
    again: 'Open another one',
    done: 'It is in the lab, and every file was as it was packed',
    compare: 'See the comparison',
    begin: 'New experiment',
    failed: 'It was not taken in',
    cancelled: 'It was cancelled. Nothing of it was kept.',
    gone: 'The job is not on the list any more.'
  }
}
