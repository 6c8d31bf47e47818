// A navigable small-world graph in hnswlib's own memory and file layout: built by many threads, opened without a copy.
#pragma once

#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include "hnswlib/hnswlib.h"
#include "mapped_file.h"
#include "private_memory.h"
#include "nearest.h"
#include "row_form.h"
#include "vector_file.h"

namespace recross {

/** The length and the distance of rows, in the form in which hnswlib wants them. */
class Space : public hnswlib::SpaceInterface<float> {
 public:
  Space(size_t dimension, size_t rowBytes) : dimension_(dimension), rowBytes_(rowBytes) {}
  size_t get_data_size() override { return rowBytes_; }
  hnswlib::DISTFUNC<float> get_dist_func() override;
  void* get_dist_func_param() override { return &dimension_; }

 private:
  size_t dimension_;
  size_t rowBytes_;
};

/**
 * Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable Small World
 * graphs" (arXiv 1603.09320). The class takes its layout, limits and writer from hnswlib and brings its own insertion and
 * search. A row's number is both its label and its place. With `bytes` it keeps a byte a number instead of floats, which hnswlib
 * cannot read.
 */
class Graph {
 public:
  Graph(size_t dimension, size_t capacity, size_t M, size_t efConstruction, size_t seed, bool bytes);
  ~Graph();

  /** Opens a file for searching; it stays mapped, so that opening is instant and processes share its memory. */
  static std::unique_ptr<Graph> open(const std::string& path, size_t dimension, bool bytes);
  /** Reads an unfinished graph, to go on adding up to `capacity` rows. */
  static std::unique_ptr<Graph> resume(const std::string& path, size_t dimension, size_t capacity, size_t seed, bool bytes);

  /**
   * Adds the next rows of `vectors`, those from `size()` on: at least `count`, to the end of the last batch that this begins.
   * The same rows give the same graph, however many threads build it and in however many calls. Rows that were taken in leave memory
   * again, where the system can be told so.
   */
  void add(const VectorFile& vectors, size_t count, size_t threads);
  void save(const std::string& path) const;
  /** Of a graph of bytes the best are ranked by their rows in `vectors`, and have their exact distances; others need none. */
  Answers search(const std::vector<float>& queries, size_t k, size_t ef, size_t threads, const std::vector<uint8_t>& allowed,
                 const VectorFile* vectors) const;

  size_t size() const { return layout_->cur_element_count; }
  size_t dimension() const { return dimension_; }
  bool ofBytes() const { return form_.rounded; }

 private:
  using Layout = hnswlib::HierarchicalNSW<float>;
  using Id = hnswlib::tableint;
  struct Scratch;

  Graph(size_t dimension, bool bytes);
  void readHeader(const char* header, size_t fileSize, const std::string& path);
  struct BackLink;

  void place(Id id, const float* vector);
  void link(Id id, Scratch& scratch);
  void linkBack(const BackLink* first, const BackLink* end, Scratch& scratch);
  void addBatch(const VectorFile& vectors, size_t count, std::vector<std::unique_ptr<Scratch>>& scratch);
  Id descend(const char* row, Id entry, int from, int to) const;
  void rankExactly(const float* query, size_t k, const VectorFile& vectors, Scratch& scratch) const;
  void searchLayer(const char* row, Id entry, int level, size_t ef, const uint8_t* allowed, Scratch& scratch) const;
  void select(std::vector<Neighbour>& nearestFirst, size_t limit) const;
  int levelOf(Id id) const;
  const char* rowOf(Id id) const { return layout_->getDataByInternalId(id); }
  float distance(const char* a, const char* b) const { return form_.distance(a, b, dimension_); }
  std::unique_ptr<Scratch> takeScratch() const;
  void giveScratch(std::unique_ptr<Scratch> scratch) const;

  size_t dimension_;
  size_t seed_ = 0;
  RowForm form_;
  Space space_;
  std::unique_ptr<Layout> layout_;
  /** Set where the graph's memory is that of a file. */
  std::unique_ptr<MappedFile> file_;
  /** Rows and their lists at the lowest level, of a graph that is being built. */
  std::unique_ptr<PrivateMemory> rows_;
  mutable std::shared_mutex lock_;
  mutable std::mutex scratchLock_;
  mutable std::vector<std::unique_ptr<Scratch>> scratches_;
};

}  // namespace recross
