import Boxes from '@lucide/svelte/icons/boxes'
import Database from '@lucide/svelte/icons/database'
import FlaskConical from '@lucide/svelte/icons/flask-conical'
import House from '@lucide/svelte/icons/house'
import Layers from '@lucide/svelte/icons/layers'
import ListChecks from '@lucide/svelte/icons/list-checks'
import PackageOpen from '@lucide/svelte/icons/package-open'
import Scale from '@lucide/svelte/icons/scale'
import Settings from '@lucide/svelte/icons/settings'
import type { IconName } from './table.ts'

/** The icons that the table of screens names. */
export const icons = {
  house: House,
  database: Database,
  boxes: Boxes,
  layers: Layers,
  flask: FlaskConical,
  scale: Scale,
  'list-checks': ListChecks,
  settings: Settings,
  package: PackageOpen
} satisfies Record<IconName, unknown>
