import { saveBlob } from './save.ts'

/** Pixels of a picture for one of the screen: sharp in print. */
const scale = 3

/** Keeps the chart inside an element as a file of its own, as it looks now. */
export async function saveChart(frame: Element, name: string, format: 'svg' | 'png'): Promise<void> {
  const canvas = frame.querySelector('canvas')
  const svg = [...frame.querySelectorAll('svg')].sort((a, b) => areaOf(b) - areaOf(a))[0]
  if (canvas && !svg) {
    const blob = await blobOf(canvas)
    return saveBlob(`${name}.png`, blob)
  }
  if (!svg) return
  const text = standalone(svg)
  if (format === 'svg') return saveBlob(`${name}.svg`, new Blob([text], { type: 'image/svg+xml' }))
  saveBlob(`${name}.png`, await rendered(text, svg))
}

function areaOf(element: Element): number {
  const { width, height } = element.getBoundingClientRect()
  return width * height
}

/** The same picture without this page: colours that are variables become what they are now, the background is drawn. */
function standalone(svg: SVGSVGElement): string {
  const { width, height } = svg.getBoundingClientRect()
  const copy = svg.cloneNode(true) as SVGSVGElement
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  copy.removeAttribute('class')
  copy.setAttribute('font-family', 'Inter, Helvetica, Arial, sans-serif')
  const back = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  back.setAttribute('width', '100%')
  back.setAttribute('height', '100%')
  back.setAttribute('fill', 'var(--surface)')
  copy.prepend(back)
  const styles = getComputedStyle(svg)
  const plain = (text: string): string =>
    text.replaceAll(/var\((--[\w-]+)(?:,[^()]*)?\)/g, (_, name: string) => styles.getPropertyValue(name).trim())
  // A variable may be made of another one.
  return `<?xml version="1.0" encoding="UTF-8"?>\n${plain(plain(new XMLSerializer().serializeToString(copy)))}\n`
}

async function rendered(text: string, svg: SVGSVGElement): Promise<Blob> {
  const { width, height } = svg.getBoundingClientRect()
  const image = new Image()
  image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }))
  try {
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = Math.ceil(width * scale)
    canvas.height = Math.ceil(height * scale)
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await blobOf(canvas)
  } finally {
    URL.revokeObjectURL(image.src)
  }
}

function blobOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be drawn.'))), 'image/png')
  )
}
