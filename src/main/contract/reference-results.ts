/**
 * What the authors of ReCross report for the tasks of their table, beside which one's own scores may stand: SoftEM, a model of
 * 406 million weights (T0-3B: 3 billion), mean and standard deviation over five query sets. Numbers of others, so they are in
 * no test and no average of this lab.
 */
export const reference = {
  metric: 'soft-em',
  cited: 'Lin et al., Unsupervised Cross-Task Generalization via Retrieval Augmentation, 2022, main table of results',
  columns: ['T0-3B', 'BART0', 'Random', 'SBERT', 'ReCross†', 'ReCross']
} as const

interface ReferenceRow {
  /** The paper's name of the task. */
  task: string
  /** How data sets of the task are called. */
  names: RegExp
  /** Mean and, where several query sets were used, its standard deviation, in the order of the columns. */
  cells: readonly (readonly [mean: number, sd?: number])[]
}

/** The tasks of the table. */
export const referenceRows: readonly ReferenceRow[] = [
  row('anli_r3', /anli.*r3/, [26], [30.5], [35.34, 1.52], [32.64, 2.53], [36.7, 0.53], [35.76, 0.9]),
  row('hellaswag', /hella_?swag/, [34.4], [39.4], [33.84, 5.59], [30.92, 7.82], [44.36, 3.07], [47.28, 2.95]),
  row(
    'cb',
    /(^|[^a-z])cb([^a-z]|$)|commitment_?bank/,
    [53.93],
    [39.64],
    [47.07, 1.25],
    [48, 3.28],
    [44.5, 4.2],
    [44.79, 3.36]
  ),
  row(
    'wic',
    /(^|[^a-z])wic([^a-z]|$)|word_in_context/,
    [45.7],
    [46.7],
    [41.04, 2.18],
    [46.78, 2.22],
    [49.9, 0.5],
    [50.58, 0.24]
  ),
  row('wsc', /(^|[^a-z])wsc([^a-z]|$)/, [50], [57.88], [52.5, 2.29], [52.69, 6.13], [59.27, 1.96], [61.46, 1.47]),
  row('winogrande', /winogrande/, [47.6], [51.1], [52.68, 0.83], [52.18, 3.2], [54.6, 1.35], [55.46, 0.88]),
  row('arc-challenge', /arc_challenge/, [41.3], [35.7], [33.28, 1.5], [37.9, 1.22], [37.78, 0.73], [38.44, 0.99]),
  row('openbookqa', /open_?book_?qa/, [38.5], [34.4], [28.72, 2.46], [33.28, 1.24], [36.98, 1.55], [39.58, 2.8]),
  row('piqa', /(^|[^a-z])piqa([^a-z]|$)/, [45.3], [36.1], [37, 2.71], [38.54, 2.17], [41.34, 1.75], [41.42, 1.02]),
  row('squad_v2', /squad_?v2/, [30.6], [32.4], [29.86, 5.46], [29.46, 0.84], [30.26, 1.54], [30.58, 1.61])
]

/** The reported scores of a target, by its name; null where it is none of the tasks. */
export function referenceOf(target: string): ReferenceRow | null {
  const name = target.toLowerCase().replaceAll(/[\s-]+/g, '_')
  return referenceRows.find(({ names }) => names.test(name)) ?? null
}

/** `35.3 ± 1.5`, to one place as the lab's own scores. */
export function referenceText([mean, sd]: ReferenceRow['cells'][number]): string {
  return sd === undefined ? mean.toFixed(1) : `${mean.toFixed(1)} ± ${sd.toFixed(1)}`
}

function row(task: string, names: RegExp, ...cells: ReferenceRow['cells']): ReferenceRow {
  return { task, names, cells }
}
