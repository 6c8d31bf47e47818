import type { Model } from '../../../../main/contract/models.ts'

const roles: Record<Model['role'], { name: string; text: string }> = {
  seq2seq: { name: 'Base model', text: 'Reads a text and writes an answer; can be tuned and tested.' },
  encoder: { name: 'Sentence encoder', text: 'Turns a text into an embedding; used by the semantic strategy.' },
  'pair-classifier': { name: 'Pair classifier', text: 'Judges whether two texts go together; used for reranking.' }
}

export const models = {
  roles,
  lead: 'What is tuned and tested, and what finds similar examples.',
  empty: 'No models yet',
  emptyText: 'You need one base model. A sentence encoder is optional; it is used by the semantic strategy.',
  columns: {
    name: 'Name',
    role: 'Used as',
    parameters: 'Parameters',
    size: 'Size',
    architecture: 'Kind',
    added: 'Added'
  },
  page: {
    back: 'Models',
    role: 'Used as',
    parameters: 'Parameters',
    size: 'Size on disk',
    architecture: 'Architecture',
    hidden: 'Embedding length',
    hiddenUnit: (n: string) => `${n} numbers`,
    maxInput: 'Longest input',
    tokens: (n: string) => `${n} tokens`,
    unlimited: 'no fixed limit',
    prefix: 'Prefix',
    noPrefix: 'none',
    licence: 'Licence',
    source: 'Source',
    fingerprint: 'Fingerprint',
    indices: 'Indices built with it',
    noIndices: 'No index was built with this model yet.',
    buildIndex: 'Build an index with it',
    about: 'About'
  },
  wizard: {
    title: 'Get a model',
    lead: 'Bring a model into the lab: from the catalog, from a folder, or from Hugging Face.',
    finishInstall: 'Install',
    finishDownload: 'Download',
    steps: {
      source: { title: 'Where from', text: 'Where is the model that you want to use?' },
      entry: {
        title: 'Catalog',
        text: 'Models that are known to work, with what each needs. Small ones are enough to begin with.'
      },
      folder: {
        title: 'Folder',
        text: 'A folder as Hugging Face tools write it, with config.json, the weights and the tokenizer. It is copied.'
      },
      hub: { title: 'Repository', text: 'The name of a model on Hugging Face, as it stands in its address.' },
      check: {
        title: 'Check',
        text: 'The folder is read as the installation will read it, and the model answers one text. Nothing is copied yet.'
      },
      look: {
        title: 'Check',
        text: 'The small files of the model are read as the installation will read them, and the beginnings of its weights. Nothing is kept yet.'
      },
      name: { title: 'Name', text: 'How it will be called here, and whether it needs a prefix.' },
      review: { title: 'Start', text: 'A last look before it begins.' }
    },
    sources: {
      catalog: {
        title: 'The catalog',
        text: 'BART0, T0 and sentence encoders, with size, licence and the computer each needs.'
      },
      folder: {
        title: 'A folder on this computer',
        text: 'For models that you or a colleague already downloaded. Works without a network.'
      },
      hub: { title: 'Hugging Face', text: 'Any BART, T5 or BERT-like model, by its name.' }
    },
    folder: 'Folder',
    checked: 'The model runs.',
    kind: 'Kind',
    parameters: 'Parameters',
    size: 'On disk',
    reads: 'Reads at most',
    tokens: (n: string) => `${n} tokens`,
    anyTokens: 'no fixed limit',
    checkedIn: (time: string) => `Loading it and one text took ${time}.`,
    notes: 'Good to know',
    looking: (repo: string) => `Looking at ${repo}…`,
    download: 'To download',
    files: 'Files',
    unseen: 'shows later',
    readsIt: 'The lab knows this kind of model.',
    fits: (tensors: string) =>
      `The lab can run it: all its weights are there and have the right shape (${tensors} tensors looked at).`,
    weightsLater: (files: string) =>
      `The server does not give parts of ${files}, so what is in it shows when it has come. What does not fit is refused then.`,
    otherModel: 'Choose another model',
    otherFolder: 'Choose another folder',
    folderInstead: 'Install it from a folder',
    folderHint: 'For example /home/ada/models/bart0',
    repoHint: 'For example yuchenlin/BART0',
    name: 'Name in the lab',
    prefix: 'Prefix (optional)',
    prefixHint: 'BART0 expects “<s> ” with a space; most others nothing.',
    installWhat: (name: string) =>
      `The folder is checked, copied into the lab and called “${name}”. The original stays untouched.`,
    installDisk: 'as much as the folder takes: it is copied',
    downloadWhat: (name: string) => `“${name}” is downloaded, checked against its checksum, and installed.`
  }
}
