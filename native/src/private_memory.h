// Zeroed memory of one's own, mapped from the system instead of taken from the allocator: Electron's ends the process at one piece
// of 2 GiB, which a graph of a million rows needs.
#pragma once

#include <cstddef>

namespace recross {

class PrivateMemory {
 public:
  /** Throws std::runtime_error where the system has not as much. */
  explicit PrivateMemory(size_t bytes);
  ~PrivateMemory();
  PrivateMemory(const PrivateMemory&) = delete;
  PrivateMemory& operator=(const PrivateMemory&) = delete;

  char* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  char* data_ = nullptr;
  size_t size_;
};

}  // namespace recross
