// A whole file mapped read-only into memory.
#pragma once

#include <cstddef>
#include <string>

namespace recross {

class MappedFile {
 public:
  /** Throws std::runtime_error with the system's words where the file cannot be opened or mapped. */
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const char* data() const { return data_; }
  size_t size() const { return size_; }
  /** Tells the system that the whole file will be wanted soon. */
  void willNeed() const;
  /** Tells the system that these bytes are not wanted for now: they leave this process's memory, and come again when read. */
  void release(size_t from, size_t bytes) const;

 private:
  const char* data_ = nullptr;
  size_t size_ = 0;
  void* handle_ = nullptr;
};

}  // namespace recross
