/**
 * PostgreSQL's binary format of COPY, and pgvector's of a vector (its `vector_send`): two bytes of the dimension, two of nothing, then
 * numbers of 32 bits, all with the highest byte first. Sources: PostgreSQL's manual, "COPY, Binary Format"; pgvector's vector.c.
 */

export interface CopiedRow {
  row: number
  task: string
  group: string
}

/** What a COPY begins with: its signature, no flags, no extension. */
export const copyHead = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
/** And what it ends with: a row of −1 fields. */
export const copyEnd = Buffer.from([0xff, 0xff])

/** Rows of the table (row, task, grp, vector); `vectors` is row-major. */
export function copyRows(rows: readonly CopiedRow[], vectors: Float32Array, dimension: number): Buffer {
  const pieces: Buffer[] = []
  for (const [at, { row, task, group }] of rows.entries()) {
    const [taskBytes, groupBytes] = [Buffer.from(task), Buffer.from(group)]
    const piece = Buffer.alloc(2 + 8 + 4 + taskBytes.length + 4 + groupBytes.length + 4 + 4 + 4 * dimension)
    let to = piece.writeInt16BE(4, 0)
    to = piece.writeInt32BE(4, to)
    to = piece.writeInt32BE(row, to)
    for (const text of [taskBytes, groupBytes]) {
      to = piece.writeInt32BE(text.length, to)
      to += text.copy(piece, to)
    }
    to = piece.writeInt32BE(4 + 4 * dimension, to)
    to = piece.writeInt16BE(dimension, to)
    to = piece.writeInt16BE(0, to)
    for (let place = 0; place < dimension; place++) to = piece.writeFloatBE(vectors[at * dimension + place]!, to)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** The numbers of what `vector_send` gives, written to `to` from `offset` on. */
export function readVector(sent: Uint8Array, dimension: number, to: Float32Array, offset: number): void {
  const view = new DataView(sent.buffer, sent.byteOffset, sent.byteLength)
  if (view.getInt16(0) !== dimension)
    throw new Error(`the server's vector has ${view.getInt16(0)} numbers, not ${dimension}`)
  for (let place = 0; place < dimension; place++) to[offset + place] = view.getFloat32(4 + 4 * place)
}
