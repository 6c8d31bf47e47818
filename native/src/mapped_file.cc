#include "mapped_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace recross {

#if defined(_WIN32)

namespace {
std::wstring wide(const std::string& path) {
  const int length = MultiByteToWideChar(CP_UTF8, 0, path.data(), static_cast<int>(path.size()), nullptr, 0);
  std::wstring result(static_cast<size_t>(length), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, path.data(), static_cast<int>(path.size()), &result[0], length);
  return result;
}
}  // namespace

MappedFile::MappedFile(const std::string& path) {
  HANDLE file = CreateFileW(wide(path).c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                            FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) throw std::runtime_error("cannot open " + path);
  LARGE_INTEGER size;
  if (!GetFileSizeEx(file, &size)) {
    CloseHandle(file);
    throw std::runtime_error("cannot read the size of " + path);
  }
  size_ = static_cast<size_t>(size.QuadPart);
  if (size_ == 0) {
    CloseHandle(file);
    return;
  }
  handle_ = CreateFileMappingW(file, nullptr, PAGE_READONLY, 0, 0, nullptr);
  CloseHandle(file);
  if (handle_ == nullptr) throw std::runtime_error("cannot map " + path);
  data_ = static_cast<const char*>(MapViewOfFile(handle_, FILE_MAP_READ, 0, 0, 0));
  if (data_ == nullptr) {
    CloseHandle(handle_);
    throw std::runtime_error("cannot map " + path);
  }
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) UnmapViewOfFile(data_);
  if (handle_ != nullptr) CloseHandle(handle_);
}

void MappedFile::willNeed() const {}

// Windows takes pages of mapped files itself where memory is short.
void MappedFile::release(size_t, size_t) const {}

#else

MappedFile::MappedFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw std::runtime_error("cannot open " + path + ": " + std::strerror(errno));
  struct stat status;
  if (fstat(file, &status) != 0) {
    const int error = errno;
    close(file);
    throw std::runtime_error("cannot read the size of " + path + ": " + std::strerror(error));
  }
  size_ = static_cast<size_t>(status.st_size);
  if (size_ > 0) {
    void* mapped = mmap(nullptr, size_, PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) {
      const int error = errno;
      close(file);
      throw std::runtime_error("cannot map " + path + ": " + std::strerror(error));
    }
    data_ = static_cast<const char*>(mapped);
  }
  close(file);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(const_cast<char*>(data_), size_);
}

void MappedFile::willNeed() const {
  if (data_ != nullptr) madvise(const_cast<char*>(data_), size_, MADV_WILLNEED);
}

void MappedFile::release(size_t from, size_t bytes) const {
  if (data_ == nullptr || from >= size_) return;
  static const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t start = from / page * page;
  const size_t end = std::min(size_, from + bytes);
  madvise(const_cast<char*>(data_) + start, end - start, MADV_DONTNEED);
}

#endif

}  // namespace recross
