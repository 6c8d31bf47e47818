import type { SavedFile } from '../../../main/contract/saved-file.ts'

/** Offers a file as a download of the browser (or of the window). */
export function saveFile({ fileName, mediaType, text, encoding }: SavedFile): void {
  const content = encoding === 'base64' ? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) : text
  saveBlob(fileName, new Blob([content], { type: mediaType }))
}

export function saveBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
