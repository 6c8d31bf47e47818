import Boxes from '@lucide/svelte/icons/boxes'
import Database from '@lucide/svelte/icons/database'
import FlaskConical from '@lucide/svelte/icons/flask-conical'
import House from '@lucide/svelte/icons/house'
import Layers from '@lucide/svelte/icons/layers'
import ListChecks from '@lucide/svelte/icons/list-checks'
import PackageOpen from '@lucide/svelte/icons/package-open'
import Scale from '@lucide/svelte/icons/scale'
import Settings from '@lucide/svelte/icons/settings'
import { texts } from '../texts/texts.ts'

/** The places of the lab, one row each: the rail and the palette show them in this order. */
export const places = [
  { screen: 'start', icon: House },
  { screen: 'data', icon: Database },
  { screen: 'models', icon: Boxes },
  { screen: 'indices', icon: Layers },
  { screen: 'experiments', icon: FlaskConical },
  { screen: 'compare', icon: Scale },
  { screen: 'jobs', icon: ListChecks },
  { screen: 'settings', icon: Settings }
] as const

/** What can be begun from anywhere. */
export const beginnings = [
  { href: '#/data/new', icon: Database, label: texts.data.get },
  { href: '#/models/new', icon: Boxes, label: texts.models.get },
  { href: '#/indices/new', icon: Layers, label: texts.indices.build },
  { href: '#/experiments/new', icon: FlaskConical, label: texts.experiments.create },
  { href: '#/models/mine', icon: Boxes, label: texts.reranking.mine },
  { href: '#/models/train', icon: Boxes, label: texts.reranking.train },
  { href: '#/carry/pack', icon: PackageOpen, label: texts.carry.pack.title },
  { href: '#/carry/open', icon: PackageOpen, label: texts.carry.open.title },
  { href: '#/compare/pick', icon: Scale, label: texts.palette.pick }
]
