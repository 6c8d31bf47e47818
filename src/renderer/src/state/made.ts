import { indexKind } from '../parts/cards.ts'
import { bytes, counted, duration, inLine, percent, short } from '../texts/format.ts'
import { texts } from '../texts/texts.ts'
import type { LabState } from './lab.svelte.ts'
import { hrefOf } from './route.svelte.ts'
import type { Resource } from './resource.svelte.ts'
import type { Made } from './wizard-end.svelte.ts'

/** What a wizard has brought in, with its counts and what one would do next: from the lab's own records. */

const words = texts.wizards.ends

export function foundDataset(lab: LabState, id: string): Made | null | undefined {
  return found(lab.datasets, id, (dataset) => {
    const { name, kind, examples, tasks, groups, duplicates, rejected } = dataset
    const upstream = kind === 'upstream'
    const target = (lab.targets.value ?? []).find((one) => one.datasetId === id)
    return {
      href: upstream || !target ? `#/data/${id}` : `#/data/target/${target.id}`,
      name,
      facts: [
        counted(examples, ...texts.counts.examples),
        ...(upstream ? [`${counted(tasks, ...texts.counts.tasks)}, ${counted(groups, ...texts.counts.groups)}`] : []),
        ...(duplicates > 0 ? [counted(duplicates, ...texts.counts.duplicates)] : []),
        ...(rejected > 0 ? [words.aside(counted(rejected, ...texts.counts.lines))] : [])
      ],
      next: [
        ...(upstream ? [{ href: hrefOf(['indices', 'new'], { data: id }), label: texts.screens['indices/new'] }] : []),
        {
          href: hrefOf(['experiments', 'new'], upstream ? { data: id } : target ? { targets: target.id } : {}),
          label: texts.screens['experiments/new']
        },
        ...(rejected > 0
          ? [{ href: hrefOf(['data', id], { tab: 'rejected' }), label: texts.data.page.tabs.rejected }]
          : [])
      ]
    }
  })
}

export function foundModel(lab: LabState, id: string): Made | null | undefined {
  return found(lab.models, id, ({ name, role, architecture, parameters, bytes: size }) => ({
    href: `#/models/${id}`,
    name,
    facts: [
      texts.models.roles[role].name,
      architecture,
      `${short(parameters)} ${inLine(texts.models.columns.parameters)}`,
      bytes(size)
    ],
    next: [
      ...(role === 'pair-classifier'
        ? []
        : [{ href: hrefOf(['indices', 'new']), label: texts.screens['indices/new'] }]),
      {
        href: hrefOf(['experiments', 'new'], role === 'seq2seq' ? { model: id } : {}),
        label: texts.screens['experiments/new']
      }
    ]
  }))
}

export function foundIndex(lab: LabState, id: string): Made | null | undefined {
  return found(lab.indices, id, ({ representation, over, datasetId, vectors, recall, bytes: size, seconds }) => {
    const data = (lab.datasets.value ?? []).find((dataset) => dataset.id === datasetId)
    return {
      href: `#/indices/${id}`,
      name: texts.indices.page.title(indexKind({ representation, over }), data?.name ?? ''),
      facts: [
        counted(vectors, ...texts.counts.examples),
        `${texts.indices.page.recall} ${percent(recall)}`,
        bytes(size),
        `${inLine(texts.indices.page.took)} ${duration(seconds)}`
      ],
      next: [
        { href: hrefOf(['indices', id], { tab: 'map' }), label: texts.indices.page.tabs.map },
        { href: hrefOf(['experiments', 'new'], { data: datasetId }), label: texts.screens['experiments/new'] }
      ]
    }
  })
}

export function foundMining(lab: LabState, id: string): Made | null | undefined {
  return found(lab.minings, id, ({ name, report }) => ({
    href: `#/models/mining/${id}`,
    name,
    facts: [
      counted(report.sets, ...texts.counts.querySets),
      counted(report.pairs.positive, ...texts.counts.usefulCandidates),
      report.gate.open ? texts.reranking.page.opened : texts.reranking.page.closed
    ],
    next: report.gate.open
      ? [{ href: hrefOf(['models', 'train'], { mining: id }), label: texts.screens['models/train'] }]
      : []
  }))
}

/** Undefined while the list is asked for; null where the thing is not on it. */
function found<T extends { id: string }>(list: Resource<T[]>, id: string, make: (thing: T) => Made) {
  const thing = list.value?.find((one) => one.id === id)
  if (thing) return make(thing)
  return list.value === null || list.loading ? undefined : null
}
