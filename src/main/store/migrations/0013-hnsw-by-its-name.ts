import type { Migration } from '../migration.ts'

/** Publishing an index asks for `hnsw`, a graph of neighbours on the server; until now it was called `graph`, as ONNX graphs are. */
export const hnswByItsName: Migration = {
  number: 13,
  name: 'HNSW by its name',
  up: (sqlite) =>
    sqlite.exec(
      `update jobs set input = json_remove(json_set(input, '$.hnsw', json(json_type(input, '$.graph'))), '$.graph')
       where kind = 'publish-index' and json_type(input, '$.graph') in ('true', 'false')`
    )
}
