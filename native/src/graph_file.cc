// Graphs in hnswlib's file format (with rows of bytes where they are rounded): written by hnswlib itself, read with every length checked.
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "graph.h"

namespace recross {

namespace {

struct Header {
  size_t offsetLevel0, maxElements, count, sizePerElement, labelOffset, dataOffset, maxM, maxM0, M, efConstruction;
  int maxLevel;
  hnswlib::tableint entry;
  double mult;
  static constexpr size_t bytes = 6 * 8 + 2 * 4 + 3 * 8 + 8 + 8;
};

template <class T>
T take(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

Header parse(const char* at) {
  Header h;
  h.offsetLevel0 = take<size_t>(at);
  h.maxElements = take<size_t>(at);
  h.count = take<size_t>(at);
  h.sizePerElement = take<size_t>(at);
  h.labelOffset = take<size_t>(at);
  h.dataOffset = take<size_t>(at);
  h.maxLevel = take<int>(at);
  h.entry = take<hnswlib::tableint>(at);
  h.maxM = take<size_t>(at);
  h.maxM0 = take<size_t>(at);
  h.M = take<size_t>(at);
  h.mult = take<double>(at);
  h.efConstruction = take<size_t>(at);
  return h;
}

}  // namespace

void Graph::save(const std::string& path) const {
  std::shared_lock<std::shared_mutex> guard(lock_);
  layout_->saveIndex(path);
  // hnswlib's writer does not look at its stream's state; a full disk shows in the size.
  std::ifstream written(path, std::ios::binary | std::ios::ate);
  const size_t size = written ? static_cast<size_t>(written.tellg()) : 0;
  if (size != layout_->indexFileSize()) {
    throw std::runtime_error("wrote " + std::to_string(size) + " of " + std::to_string(layout_->indexFileSize()) + " bytes to " + path +
                             ": is the disk full?");
  }
}

void Graph::readHeader(const char* data, size_t fileSize, const std::string& path) {
  if (fileSize < Header::bytes) throw std::runtime_error(path + " is too short for a graph");
  const Header h = parse(data);
  const size_t links0 = h.maxM0 * sizeof(Id) + sizeof(hnswlib::linklistsizeint);
  const bool sound = h.M >= 2 && h.M <= 10000 && h.maxM0 <= 20000 && h.maxM <= 10000 && h.offsetLevel0 == 0 && h.dataOffset == links0 &&
                     h.labelOffset == links0 + form_.bytes &&
                     h.sizePerElement == h.labelOffset + sizeof(hnswlib::labeltype) &&
                     h.count <= (fileSize - Header::bytes) / h.sizePerElement && h.maxElements >= h.count &&
                     (h.count == 0 || h.entry < h.count) && h.maxLevel < 64;
  if (!sound) throw std::runtime_error(path + " is not a graph over " + (form_.rounded ? "8-bit " : "") + "vectors of dimension " + std::to_string(dimension_) +
                             ", or it is damaged");
  layout_ = std::make_unique<Layout>(&space_);
  Layout& l = *layout_;
  l.max_elements_ = h.count;
  l.cur_element_count = h.count;
  l.data_size_ = form_.bytes;
  l.fstdistfunc_ = space_.get_dist_func();
  l.dist_func_param_ = space_.get_dist_func_param();
  l.size_data_per_element_ = h.sizePerElement;
  l.label_offset_ = h.labelOffset;
  l.offsetData_ = h.dataOffset;
  l.maxlevel_ = h.maxLevel;
  l.enterpoint_node_ = h.entry;
  l.maxM_ = h.maxM;
  l.maxM0_ = h.maxM0;
  l.M_ = h.M;
  l.mult_ = h.mult;
  l.revSize_ = 1.0 / h.mult;
  l.ef_construction_ = h.efConstruction;
  l.size_links_level0_ = links0;
  l.size_links_per_element_ = h.maxM * sizeof(Id) + sizeof(hnswlib::linklistsizeint);
}

std::unique_ptr<Graph> Graph::open(const std::string& path, size_t dimension, bool bytes) {
  std::unique_ptr<Graph> graph(new Graph(dimension, bytes));
  graph->file_ = std::make_unique<MappedFile>(path);
  const char* data = graph->file_->data();
  const size_t fileSize = graph->file_->size();
  graph->readHeader(data, fileSize, path);
  Layout& l = *graph->layout_;
  const size_t count = l.cur_element_count;
  const size_t baseBytes = count * l.size_data_per_element_;
  l.data_level0_memory_ = const_cast<char*>(data) + Header::bytes;
  l.linkLists_ = static_cast<char**>(std::calloc(std::max<size_t>(count, 1), sizeof(char*)));
  if (l.linkLists_ == nullptr) throw std::runtime_error("not enough memory for the graph " + path);
  l.element_levels_.assign(count, 0);
  size_t at = Header::bytes + baseBytes;
  for (size_t id = 0; id < count; id++) {
    unsigned int size = 0;
    if (at + sizeof size > fileSize) throw std::runtime_error(path + " ends early: it is damaged");
    std::memcpy(&size, data + at, sizeof size);
    at += sizeof size;
    if (size % l.size_links_per_element_ != 0 || at + size > fileSize) throw std::runtime_error(path + " is damaged in its upper lists");
    l.element_levels_[id] = static_cast<int>(size / l.size_links_per_element_);
    l.linkLists_[id] = size == 0 ? nullptr : const_cast<char*>(data) + at;
    at += size;
  }
  if (at != fileSize) throw std::runtime_error(path + " is longer than its lists: it is damaged");
  if (count > 0 && l.element_levels_[l.enterpoint_node_] != l.maxlevel_) throw std::runtime_error(path + " has no valid entry: it is damaged");
  return graph;
}

std::unique_ptr<Graph> Graph::resume(const std::string& path, size_t dimension, size_t capacity, size_t seed, bool bytes) {
  const std::unique_ptr<Graph> saved = open(path, dimension, bytes);
  const Layout& from = *saved->layout_;
  const size_t count = from.cur_element_count;
  if (capacity < count) throw std::runtime_error(path + " holds more rows than expected");
  auto graph = std::make_unique<Graph>(dimension, capacity, from.M_, from.ef_construction_, seed, bytes);
  Layout& to = *graph->layout_;
  std::memcpy(to.data_level0_memory_, from.data_level0_memory_, count * from.size_data_per_element_);
  for (size_t id = 0; id < count; id++) {
    const int level = from.element_levels_[id];
    if (level > 0) {
      const size_t bytes = from.size_links_per_element_ * static_cast<size_t>(level);
      to.linkLists_[id] = static_cast<char*>(std::calloc(1, bytes + 1));
      if (to.linkLists_[id] == nullptr) throw std::runtime_error("not enough memory for the graph's upper lists");
      std::memcpy(to.linkLists_[id], from.linkLists_[id], bytes);
    }
    to.element_levels_[id] = level;
    to.cur_element_count = id + 1;
  }
  to.maxlevel_ = from.maxlevel_;
  to.enterpoint_node_ = from.enterpoint_node_;
  return graph;
}

}  // namespace recross
