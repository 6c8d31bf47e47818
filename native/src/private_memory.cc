#include "private_memory.h"

#include <stdexcept>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>
#else
#include <sys/mman.h>
#endif

namespace recross {

PrivateMemory::PrivateMemory(size_t bytes) : size_(bytes == 0 ? 1 : bytes) {
#if defined(_WIN32)
  data_ = static_cast<char*>(VirtualAlloc(nullptr, size_, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
  if (data_ == nullptr) throw std::runtime_error("not enough memory for the graph");
#else
  void* mapped = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::runtime_error("not enough memory for the graph");
  data_ = static_cast<char*>(mapped);
#endif
}

PrivateMemory::~PrivateMemory() {
#if defined(_WIN32)
  VirtualFree(data_, 0, MEM_RELEASE);
#else
  munmap(data_, size_);
#endif
}

}  // namespace recross
