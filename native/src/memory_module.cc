#include <cstdint>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

#include "module.h"

namespace recross {

namespace {

/**
 * Asks the system to back an array by large pages, before it is first touched: loops over hundreds of megabytes then look up far
 * fewer addresses. Advice only: gives whether the system took it, and never fails.
 */
Napi::Value adviseLargePages(const Napi::CallbackInfo& info) {
  if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) {
    throw Napi::TypeError::New(info.Env(), "array must be a Float32Array");
  }
  bool taken = false;
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  const auto array = info[0].As<Napi::Float32Array>();
  const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t start = reinterpret_cast<uintptr_t>(array.Data()), end = start + array.ByteLength();
  const uintptr_t first = (start + page - 1) / page * page, last = end / page * page;
  if (first < last) taken = madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE) == 0;
#endif
  return Napi::Boolean::New(info.Env(), taken);
}

void registerAdvice(Napi::Env env, Napi::Object exports) { exports.Set("adviseLargePages", Napi::Function::New(env, adviseLargePages)); }

const Registration advice(registerAdvice);

}  // namespace

}  // namespace recross
