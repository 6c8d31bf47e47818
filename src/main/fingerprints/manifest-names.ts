/**
 * An index's manifest as it was written, under today's names: until November 2026 the graph of neighbours (HNSW) was called
 * `graph` there, as ONNX graphs are. Its file keeps its name.
 */
export function underTodaysNames(manifest: unknown): unknown {
  if (typeof manifest !== 'object' || manifest === null || !('graph' in manifest)) return manifest
  const { graph, seconds, ...rest } = manifest as { graph: unknown; seconds?: { embed?: unknown; graph?: unknown } }
  return { ...rest, hnsw: graph, seconds: { embed: seconds?.embed, hnsw: seconds?.graph } }
}
