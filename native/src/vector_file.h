// Rows of a vector file, mapped into memory, and exact search over them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mapped_file.h"
#include "nearest.h"

namespace recross {

/** Queries that are searched for together: row-major, `count` of them, each with `k` neighbours. */
struct QuerySet {
  std::vector<float> queries;
  size_t count;
  size_t k;
  /** Empty, or one byte a row, zero for rows to leave out. */
  std::vector<uint8_t> allowed;
};

class VectorFile {
 public:
  /** `rows * dimension` numbers, row after row, without a header; 4 bytes each, or 2 where `half`. */
  VectorFile(const std::string& path, size_t rows, size_t dimension, bool half);

  size_t rows() const { return rows_; }
  size_t dimension() const { return dimension_; }
  void willNeed() const { file_.willNeed(); }

  /** The row as floats: straight from the file, or widened into `buffer` (of `dimension` floats). */
  const float* row(size_t index, float* buffer) const;

  /** Rows [first, first + count) are not wanted for now. */
  void release(size_t first, size_t count) const { file_.release(first * rowBytes(), count * rowBytes()); }

  /**
   * The nearest rows of each query by squared Euclidean distance, an answer for each set. The file is read once for all; every set's
   * answers are, bit for bit, those that it has alone.
   */
  std::vector<Answers> search(const std::vector<QuerySet>& sets, size_t threads) const;

 private:
  MappedFile file_;
  size_t rows_;
  size_t dimension_;
  void searchTile(const QuerySet& set, const float* const* rows, size_t first, size_t count, std::vector<Nearest>& nearest) const;
  size_t rowBytes() const { return dimension_ * (half_ ? 2 : 4); }

  bool half_;
};

}  // namespace recross
