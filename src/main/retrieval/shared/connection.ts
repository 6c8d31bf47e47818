/** What is needed of a PostgreSQL server with pgvector, whoever speaks to it. */
export interface SqlConnection {
  /** Rows as objects; bytes come as Buffer or Uint8Array. */
  rows<T>(sql: string, values?: readonly unknown[]): Promise<T[]>
  /** COPY … FROM in the binary format: all of it or nothing. */
  copyIn(table: string, columns: readonly string[], pieces: AsyncIterable<Buffer>): Promise<void>
  close(): Promise<void>
}
