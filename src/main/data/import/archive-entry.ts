/** An ordinary file within an archive. */
export interface ArchiveEntry {
  name: string
  content(): AsyncIterable<Buffer>
}
