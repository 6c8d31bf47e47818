import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BrowserWindow, Rectangle } from 'electron'
import { z } from 'zod'
import { writeWholeNow } from '../../files/durable.ts'
import type { ElectronParts } from './parts.ts'

const placeSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(400).max(20_000),
  height: z.int().min(300).max(20_000),
  maximised: z.boolean(),
  /** Chromium's zoom level; 0 is 100 %, each step is a fifth more. */
  zoom: z.number().min(-8).max(9)
})
type Place = z.infer<typeof placeSchema>

const usual = { width: 1280, height: 800 }

/** Where the window was last time, if that is still on a screen; else the usual size, where the system puts it. */
export function lastPlace(parts: ElectronParts): Partial<Place> & { width: number; height: number } {
  const place = read(fileOf(parts))
  if (place === null) return usual
  const seen = parts.screen.getAllDisplays().some(({ workArea }) => overlaps(workArea, place))
  return seen ? place : { ...usual, maximised: place.maximised, zoom: place.zoom }
}

/** Writes down where the window is, whenever that may be the last time. */
export function keepPlace(window: BrowserWindow, parts: ElectronParts): void {
  window.on('close', () => {
    const place = {
      ...window.getNormalBounds(),
      maximised: window.isMaximized(),
      zoom: window.webContents.getZoomLevel()
    }
    write(fileOf(parts), place)
  })
}

function fileOf({ app }: ElectronParts): string {
  return join(app.getPath('userData'), 'window.json')
}

function read(path: string): Place | null {
  try {
    return placeSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // Not there, or of another version: the usual place will do.
    return null
  }
}

function write(path: string, place: Place): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeWholeNow(path, JSON.stringify(place))
  } catch {
    // A window must close on a full disk too.
  }
}

/** A tenth of the window in sight is enough to get hold of it. */
function overlaps(area: Rectangle, place: Place): boolean {
  const width = Math.min(area.x + area.width, place.x + place.width) - Math.max(area.x, place.x)
  const height = Math.min(area.y + area.height, place.y + place.height) - Math.max(area.y, place.y)
  return width > place.width / 10 && height > place.height / 10
}
