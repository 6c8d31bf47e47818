import type { JobKind } from '../../../../main/contract/jobs.ts'
import type { InEvery } from './in-language.ts'

/** What kinds of jobs are called. */
export const jobNames: Readonly<Record<JobKind, InEvery<string>>> = {
  'self-test': { en: 'Self-test', de: 'Selbsttest' },
  'import-dataset': { en: 'Import data', de: 'Daten einlesen' },
  download: { en: 'Download', de: 'Herunterladen' },
  'mine-pairs': { en: 'Mine pairs for a reranker', de: 'Paare für einen Reranker ermitteln' },
  'train-reranker': { en: 'Train a reranker', de: 'Einen Reranker trainieren' },
  'train-retriever': { en: 'Train a retriever', de: 'Einen Retriever trainieren' },
  'install-model': { en: 'Install model', de: 'Modell einrichten' },
  'export-model': { en: 'Export tuned model', de: 'Nachtrainiertes Modell ausgeben' },
  'export-study': { en: 'Pack a study', de: 'Studie packen' },
  'import-study': { en: 'Open a study', de: 'Studie öffnen' },
  'answer-file': { en: 'Answer questions', de: 'Fragen beantworten' },
  'find-rate': { en: 'Find a learning rate', de: 'Lernrate suchen' },
  'build-index': { en: 'Build index', de: 'Index aufbauen' },
  'embed-shard': { en: 'Embed a part of an index', de: 'Teil eines Index einbetten' },
  'publish-index': { en: 'Publish index', de: 'Index veröffentlichen' },
  'fetch-index': { en: 'Fetch shared index', de: 'Geteilten Index holen' },
  'leak-check': { en: 'Check for leaks', de: 'Nach Lecks suchen' },
  'run-strategy': { en: 'Experiment run', de: 'Lauf eines Experiments' }
}
