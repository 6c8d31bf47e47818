#include "graph.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <tuple>

#include "kernels.h"
#include "parallel.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace recross {

namespace {

// Insertion and search here ask the rows' form; hnswlib only wants to have one.
float noDistance(const void*, const void*, const void*) { return 0; }

// Rows are read at random: with pages of 4 KiB most of the time would go into address translation.
void preferHugePages(void* memory, size_t size) {
#if defined(__linux__)
  constexpr size_t page = size_t(2) << 20;
  const size_t start = (reinterpret_cast<size_t>(memory) + page - 1) / page * page;
  const size_t end = (reinterpret_cast<size_t>(memory) + size) / page * page;
  if (end > start) madvise(reinterpret_cast<void*>(start), end - start, MADV_HUGEPAGE);
#else
  (void)memory;
  (void)size;
#endif
}

inline void prefetchRow(const void* row, size_t bytes) {
#if defined(__GNUC__) || defined(__clang__)
  const char* start = static_cast<const char*>(row);
  const size_t lines = std::min<size_t>(bytes, 512);
  for (size_t offset = 0; offset < lines; offset += 64) __builtin_prefetch(start + offset, 0, 3);
#else
  (void)row;
  (void)bytes;
#endif
}

// splitmix64: a row's level depends on the seed and the row alone, not on the order in which threads come to it.
uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

}  // namespace

hnswlib::DISTFUNC<float> Space::get_dist_func() { return noDistance; }

/** A row that a new one has chosen as its neighbour, and that shall know of it. */
struct Graph::BackLink {
  int level;
  Id to;
  Neighbour from;
  bool operator<(const BackLink& other) const {
    return std::tie(level, to, from) < std::tie(other.level, other.to, other.from);
  }
};

/** What one thread needs during one insertion or search; reused, because its marks are as long as the graph. */
struct Graph::Scratch {
  std::vector<uint16_t> marks;
  uint16_t mark = 0;
  std::vector<Id> fresh;
  /** Candidates to expand; the top is the nearest. */
  std::vector<Neighbour> open;
  /** The nearest found; the top is the farthest. */
  std::vector<Neighbour> best;
  std::vector<Neighbour> others;
  std::vector<float> vector;
  /** What the rows of this batch that this thread linked have chosen. */
  std::vector<BackLink> back;

  void begin(size_t capacity) {
    if (marks.size() < capacity) marks.resize(capacity, 0);
    if (++mark == 0) {
      std::fill(marks.begin(), marks.end(), uint16_t(0));
      mark = 1;
    }
    open.clear();
    best.clear();
  }
  bool visit(Id id) {
    if (marks[id] == mark) return false;
    marks[id] = mark;
    return true;
  }
};

Graph::Graph(size_t dimension, bool bytes)
    : dimension_(dimension), form_(bytes ? byteRows(dimension) : wholeRows(dimension)), space_(dimension, form_.bytes) {}

Graph::Graph(size_t dimension, size_t capacity, size_t M, size_t efConstruction, size_t seed, bool bytes) : Graph(dimension, bytes) {
  seed_ = seed;
  // hnswlib would take all rows in one piece from the allocator. It gets room for one, and the rest from here.
  layout_ = std::make_unique<Layout>(&space_, 1, M, efConstruction, seed);
  Layout& l = *layout_;
  rows_ = std::make_unique<PrivateMemory>(capacity * l.size_data_per_element_);
  preferHugePages(rows_->data(), rows_->size());
  std::free(l.data_level0_memory_);
  l.data_level0_memory_ = rows_->data();
  char** lists = static_cast<char**>(std::realloc(l.linkLists_, std::max<size_t>(capacity, 1) * sizeof(char*)));
  if (lists == nullptr) throw std::runtime_error("not enough memory for the graph's upper lists");
  l.linkLists_ = lists;
  l.element_levels_.resize(capacity);
  l.max_elements_ = capacity;
}

Graph::~Graph() {
  if (!layout_) return;
  // What is mapped is not hnswlib's to free.
  if (file_ || rows_) layout_->data_level0_memory_ = nullptr;
  if (file_) layout_->cur_element_count = 0;
}

int Graph::levelOf(Id id) const {
  const double uniform = static_cast<double>((mix(seed_ ^ mix(id)) >> 11) + 1) * (1.0 / 9007199254740992.0);
  return static_cast<int>(-std::log(uniform) * layout_->mult_);
}

std::unique_ptr<Graph::Scratch> Graph::takeScratch() const {
  std::lock_guard<std::mutex> guard(scratchLock_);
  if (scratches_.empty()) return std::make_unique<Scratch>();
  std::unique_ptr<Scratch> scratch = std::move(scratches_.back());
  scratches_.pop_back();
  return scratch;
}

void Graph::giveScratch(std::unique_ptr<Scratch> scratch) const {
  std::lock_guard<std::mutex> guard(scratchLock_);
  scratches_.push_back(std::move(scratch));
}

// ---- building -------------------------------------------------------------------------------------------------------

// In batches, as ParlayANN does (Manohar and others, "ParlayANN: Scalable and Deterministic Parallel Graph-Based Approximate
// Nearest Neighbor Search Algorithms", PPoPP 2024): every row of a batch looks for its neighbours in the graph as it was before
// the batch, which nobody changes meanwhile; then every row that was found takes all its new neighbours at once, in one order.
// What a thread does never depends on how far another one is. Where a batch ends follows from the number of rows alone.

namespace {

// Rows of one batch do not see each other, so it is small beside the graph, and long enough to keep the threads busy.
size_t batchAfter(size_t rows) { return std::max<size_t>(1, std::min<size_t>(rows / 50, 4096)); }

}  // namespace

void Graph::add(const VectorFile& vectors, size_t count, size_t threads) {
  std::unique_lock<std::shared_mutex> guard(lock_);
  if (file_) throw std::runtime_error("this graph was opened for searching; rows cannot be added");
  const size_t first = layout_->cur_element_count;
  if (vectors.dimension() != dimension_) throw std::runtime_error("the vectors' dimension is not the graph's");
  if (first + count > layout_->max_elements_) throw std::runtime_error("more rows than the graph has room for");
  if (first + count > vectors.rows()) throw std::runtime_error("more rows than the vector file holds");
  const size_t last = std::min<size_t>(layout_->max_elements_, vectors.rows());
  std::vector<std::unique_ptr<Scratch>> scratch(threads == 0 ? 1 : threads);
  for (auto& one : scratch) {
    one = takeScratch();
    one->vector.resize(dimension_);
  }
  while (layout_->cur_element_count < first + count) {
    const size_t before = layout_->cur_element_count;
    addBatch(vectors, std::min(batchAfter(before), last - before), scratch);
  }
  for (auto& one : scratch) giveScratch(std::move(one));
}

void Graph::addBatch(const VectorFile& vectors, size_t count, std::vector<std::unique_ptr<Scratch>>& scratch) {
  Layout& l = *layout_;
  const size_t first = l.cur_element_count;
  // Rows count as present from the start, so that clean-up after a failure frees their lists: none may be unset.
  std::fill(l.element_levels_.begin() + first, l.element_levels_.begin() + first + count, 0);
  l.cur_element_count = first + count;
  for (auto& one : scratch) one->back.clear();
  parallelFor(count, scratch.size(), [&](size_t item, size_t thread) {
    Scratch& own = *scratch[thread];
    const Id id = static_cast<Id>(first + item);
    place(id, vectors.row(id, own.vector.data()));
    if (l.maxlevel_ >= 0) link(id, own);
  });

  vectors.release(first, count);

  std::vector<BackLink> back;
  for (auto& one : scratch) back.insert(back.end(), one->back.begin(), one->back.end());
  std::sort(back.begin(), back.end());
  std::vector<size_t> starts;
  for (size_t i = 0; i < back.size(); i++)
    if (i == 0 || back[i].level != back[i - 1].level || back[i].to != back[i - 1].to) starts.push_back(i);
  starts.push_back(back.size());
  parallelFor(starts.size() - 1, scratch.size(), [&](size_t group, size_t thread) {
    linkBack(back.data() + starts[group], back.data() + starts[group + 1], *scratch[thread]);
  });

  for (size_t id = first; id < first + count; id++) {
    if (l.element_levels_[id] <= l.maxlevel_) continue;
    l.enterpoint_node_ = static_cast<Id>(id);
    l.maxlevel_ = l.element_levels_[id];
  }
}

/** Puts a row where it belongs, without links. */
void Graph::place(Id id, const float* vector) {
  Layout& l = *layout_;
  const int level = levelOf(id);
  std::memset(l.data_level0_memory_ + id * l.size_data_per_element_, 0, l.size_links_level0_);
  l.setExternalLabel(id, id);
  form_.encode(vector, dimension_, l.getDataByInternalId(id));
  if (level > 0) {
    l.linkLists_[id] = static_cast<char*>(std::calloc(1, l.size_links_per_element_ * level + 1));
    if (l.linkLists_[id] == nullptr) throw std::runtime_error("not enough memory for the graph's upper lists");
  }
  l.element_levels_[id] = level;
}

/** Links a new row to the best that the graph of before leads to, one way; the way back is for `linkBack`. */
void Graph::link(Id id, Scratch& scratch) {
  Layout& l = *layout_;
  const char* row = rowOf(id);
  const int level = l.element_levels_[id];
  Id entry = descend(row, l.enterpoint_node_, l.maxlevel_, level);
  for (int at = std::min(level, l.maxlevel_); at >= 0; at--) {
    searchLayer(row, entry, at, l.ef_construction_, nullptr, scratch);
    std::vector<Neighbour>& chosen = scratch.best;
    std::sort(chosen.begin(), chosen.end());
    entry = chosen.front().second;
    select(chosen, l.M_);
    hnswlib::linklistsizeint* list = l.get_linklist_at_level(id, at);
    Id* ids = reinterpret_cast<Id*>(list + 1);
    for (size_t i = 0; i < chosen.size(); i++) {
      ids[i] = chosen[i].second;
      scratch.back.push_back({at, chosen[i].second, {chosen[i].first, id}});
    }
    l.setListCount(list, static_cast<unsigned short>(chosen.size()));
  }
}

/** Gives one row all its new neighbours of a batch on one level; where there are too many, the best of old and new stay. */
void Graph::linkBack(const BackLink* first, const BackLink* end, Scratch& scratch) {
  Layout& l = *layout_;
  const size_t limit = first->level > 0 ? l.maxM_ : l.maxM0_;
  hnswlib::linklistsizeint* list = l.get_linklist_at_level(first->to, first->level);
  Id* ids = reinterpret_cast<Id*>(list + 1);
  size_t size = l.getListCount(list);
  if (size + static_cast<size_t>(end - first) <= limit) {
    for (const BackLink* link = first; link != end; link++) ids[size++] = link->from.second;
    l.setListCount(list, static_cast<unsigned short>(size));
    return;
  }
  const char* row = rowOf(first->to);
  scratch.others.clear();
  for (const BackLink* link = first; link != end; link++) scratch.others.push_back(link->from);
  for (size_t i = 0; i < size; i++) scratch.others.emplace_back(distance(row, rowOf(ids[i])), ids[i]);
  std::sort(scratch.others.begin(), scratch.others.end());
  select(scratch.others, limit);
  for (size_t i = 0; i < scratch.others.size(); i++) ids[i] = scratch.others[i].second;
  l.setListCount(list, static_cast<unsigned short>(scratch.others.size()));
}

Graph::Id Graph::descend(const char* row, Id entry, int from, int to) const {
  const Layout& l = *layout_;
  float nearest = distance(row, rowOf(entry));
  for (int level = from; level > to; level--) {
    for (bool moved = true; moved;) {
      moved = false;
      const hnswlib::linklistsizeint* list = l.get_linklist(entry, level);
      const size_t size = *reinterpret_cast<const unsigned short*>(list);
      const Id* ids = reinterpret_cast<const Id*>(list + 1);
      for (size_t i = 0; i < size; i++) {
        if (ids[i] >= l.cur_element_count) throw std::runtime_error("the graph names a row that does not exist: the file is damaged");
        const float candidate = distance(row, rowOf(ids[i]));
        if (candidate < nearest) {
          nearest = candidate;
          entry = ids[i];
          moved = true;
        }
      }
    }
  }
  return entry;
}

/** Fills `scratch.best` with the (up to) `ef` nearest rows that the graph leads to on this level, as a heap. */
void Graph::searchLayer(const char* row, Id entry, int level, size_t ef, const uint8_t* allowed, Scratch& scratch) const {
  const Layout& l = *layout_;
  const size_t count = l.cur_element_count;
  const auto farther = std::greater<Neighbour>();
  scratch.begin(l.max_elements_);
  scratch.visit(entry);
  const float first = distance(row, rowOf(entry));
  scratch.open.emplace_back(first, entry);
  if (allowed == nullptr || allowed[entry] != 0) scratch.best.emplace_back(first, entry);

  while (!scratch.open.empty()) {
    const Neighbour current = scratch.open.front();
    if (scratch.best.size() >= ef && current.first > scratch.best.front().first) break;
    std::pop_heap(scratch.open.begin(), scratch.open.end(), farther);
    scratch.open.pop_back();

    scratch.fresh.clear();
    {
      const hnswlib::linklistsizeint* list = l.get_linklist_at_level(current.second, level);
      const size_t size = *reinterpret_cast<const unsigned short*>(list);
      const Id* ids = reinterpret_cast<const Id*>(list + 1);
      for (size_t i = 0; i < size; i++) {
        if (ids[i] >= count) throw std::runtime_error("the graph names a row that does not exist: the file is damaged");
        if (scratch.visit(ids[i])) scratch.fresh.push_back(ids[i]);
      }
    }
    const size_t ahead = std::min<size_t>(scratch.fresh.size(), 3);
    for (size_t i = 0; i < ahead; i++) prefetchRow(rowOf(scratch.fresh[i]), l.data_size_);
    for (size_t i = 0; i < scratch.fresh.size(); i++) {
      if (i + ahead < scratch.fresh.size()) prefetchRow(rowOf(scratch.fresh[i + ahead]), l.data_size_);
      const Id id = scratch.fresh[i];
      const float candidate = distance(row, rowOf(id));
      if (scratch.best.size() >= ef && candidate >= scratch.best.front().first) continue;
      scratch.open.emplace_back(candidate, id);
      std::push_heap(scratch.open.begin(), scratch.open.end(), farther);
      if (allowed != nullptr && allowed[id] == 0) continue;
      scratch.best.emplace_back(candidate, id);
      std::push_heap(scratch.best.begin(), scratch.best.end());
      if (scratch.best.size() > ef) {
        std::pop_heap(scratch.best.begin(), scratch.best.end());
        scratch.best.pop_back();
      }
    }
  }
}

/** The paper's heuristic (algorithm 4): a candidate stays if it is nearer to the row than to any candidate that stays. */
void Graph::select(std::vector<Neighbour>& nearestFirst, size_t limit) const {
  if (nearestFirst.size() < limit) return;
  size_t kept = 0;
  for (size_t i = 0; i < nearestFirst.size() && kept < limit; i++) {
    const Neighbour candidate = nearestFirst[i];
    const char* row = rowOf(candidate.second);
    bool good = true;
    for (size_t j = 0; j < kept && good; j++) {
      good = distance(rowOf(nearestFirst[j].second), row) >= candidate.first;
    }
    if (good) nearestFirst[kept++] = candidate;
  }
  nearestFirst.resize(kept);
}

// ---- searching ------------------------------------------------------------------------------------------------------

/** Of the nearest by rounded rows those that may be the `k` nearest, by their exact distances; `scratch.best` comes sorted and leaves so. */
void Graph::rankExactly(const float* query, size_t k, const VectorFile& vectors, Scratch& scratch) const {
  // Rounding moves a distance by a thousandth or so: twice as many as asked for hold the nearest.
  const size_t enough = std::max<size_t>(2 * k, 64);
  if (scratch.best.size() > enough) scratch.best.resize(enough);
  scratch.vector.resize(dimension_);
  for (Neighbour& one : scratch.best) one.first = kernels().squaredL2(query, vectors.row(one.second, scratch.vector.data()), dimension_);
  std::sort(scratch.best.begin(), scratch.best.end());
}

Answers Graph::search(const std::vector<float>& queries, size_t k, size_t ef, size_t threads, const std::vector<uint8_t>& allowed,
                      const VectorFile* vectors) const {
  std::shared_lock<std::shared_mutex> guard(lock_);
  const size_t queryCount = queries.size() / dimension_;
  const size_t count = layout_->cur_element_count;
  if (form_.rounded && (vectors == nullptr || vectors->rows() < count || vectors->dimension() != dimension_))
    throw std::runtime_error("a graph of bytes is searched together with the vectors that it was made of");
  if (k > count) k = count;
  Answers answers(queryCount, k);
  if (count == 0 || queryCount == 0) return answers;
  if (!allowed.empty() && allowed.size() < count) throw std::runtime_error("the filter has fewer places than the graph has rows");
  parallelFor(queryCount, threads, [&](size_t query, size_t) {
    std::unique_ptr<Scratch> scratch = takeScratch();
    const float* vector = queries.data() + query * dimension_;
    std::vector<char> row(form_.bytes);
    form_.encode(vector, dimension_, row.data());
    const Id entry = descend(row.data(), layout_->enterpoint_node_, layout_->maxlevel_, 0);
    searchLayer(row.data(), entry, 0, std::max(ef, k), allowed.empty() ? nullptr : allowed.data(), *scratch);
    std::sort(scratch->best.begin(), scratch->best.end());
    if (form_.rounded) rankExactly(vector, k, *vectors, *scratch);
    answers.set(query, k, scratch->best);
    giveScratch(std::move(scratch));
  });
  return answers;
}

}  // namespace recross
