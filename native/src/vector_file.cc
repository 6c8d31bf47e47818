#include "vector_file.h"

#include <stdexcept>

#include "kernels.h"
#include "parallel.h"

namespace recross {

namespace {
constexpr size_t rowsPerBlock = 2048;
// So many rows of a usual length and four queries fit into the nearest cache.
constexpr size_t rowsPerTile = 16;
// Bytes of a file that may stay in memory after a search.
constexpr size_t largestKept = size_t(512) << 20;
}

VectorFile::VectorFile(const std::string& path, size_t rows, size_t dimension, bool half)
    : file_(path), rows_(rows), dimension_(dimension), half_(half) {
  const size_t expected = rows * rowBytes();
  if (file_.size() < expected) {
    throw std::runtime_error(path + " holds " + std::to_string(file_.size()) + " bytes, " + std::to_string(expected) +
                             " are needed for " + std::to_string(rows) + " rows of " + std::to_string(dimension));
  }
}

const float* VectorFile::row(size_t index, float* buffer) const {
  if (!half_) return reinterpret_cast<const float*>(file_.data()) + index * dimension_;
  kernels().widen(reinterpret_cast<const uint16_t*>(file_.data()) + index * dimension_, buffer, dimension_);
  return buffer;
}

std::vector<Answers> VectorFile::search(const std::vector<QuerySet>& sets, size_t threads) const {
  const size_t blocks = (rows_ + rowsPerBlock - 1) / rowsPerBlock;
  if (threads == 0) threads = 1;
  if (threads > blocks) threads = blocks == 0 ? 1 : blocks;
  // What a long file leaves in memory is not worth having: it is read from its start to its end.
  const bool passing = file_.size() > largestKept;

  std::vector<std::vector<std::vector<Nearest>>> found(threads);
  for (auto& own : found)
    for (const QuerySet& set : sets) own.emplace_back(set.count, Nearest(std::min(set.k, rows_)));
  std::vector<std::vector<float>> buffers(threads, std::vector<float>(half_ ? rowsPerTile * dimension_ : 0));
  parallelFor(blocks, threads, [&](size_t block, size_t thread) {
    const size_t first = block * rowsPerBlock, end = std::min(rows_, first + rowsPerBlock);
    const float* rows[rowsPerTile];
    for (size_t tile = first; tile < end; tile += rowsPerTile) {
      const size_t count = std::min(rowsPerTile, end - tile);
      for (size_t i = 0; i < count; i++) rows[i] = row(tile + i, buffers[thread].data() + (half_ ? i * dimension_ : 0));
      for (size_t set = 0; set < sets.size(); set++) searchTile(sets[set], rows, tile, count, found[thread][set]);
    }
    if (passing) release(first, end - first);
  });

  std::vector<Answers> answers;
  for (size_t set = 0; set < sets.size(); set++) {
    const size_t k = std::min(sets[set].k, rows_);
    answers.emplace_back(sets[set].count, k);
    for (size_t query = 0; query < sets[set].count; query++) {
      Nearest merged(k);
      for (size_t thread = 0; thread < threads; thread++) {
        for (const Neighbour& neighbour : found[thread][set][query].unsorted()) merged.offer(neighbour.first, neighbour.second);
      }
      answers.back().set(query, k, merged.sorted());
    }
  }
  return answers;
}

/** Queries by fours of their own set, rows of the tile one after another: both stay in the nearest cache. */
void VectorFile::searchTile(const QuerySet& set, const float* const* rows, size_t first, size_t count, std::vector<Nearest>& nearest) const {
  const Kernels& kernel = kernels();
  const uint8_t* allowed = set.allowed.empty() ? nullptr : set.allowed.data() + first;
  for (size_t query = 0; query < set.count; query += 4) {
    const float* queries = set.queries.data() + query * dimension_;
    const size_t together = std::min<size_t>(4, set.count - query);
    for (size_t i = 0; i < count; i++) {
      if (allowed != nullptr && allowed[i] == 0) continue;
      float distances[4];
      if (together == 4) {
        kernel.squaredL2Four(queries, rows[i], dimension_, distances);
      } else {
        for (size_t q = 0; q < together; q++) distances[q] = kernel.squaredL2(queries + q * dimension_, rows[i], dimension_);
      }
      for (size_t q = 0; q < together; q++) nearest[query + q].offer(distances[q], static_cast<uint32_t>(first + i));
    }
  }
}

}  // namespace recross
