// Distance kernels with one implementation per instruction set, chosen once at run time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace recross {

struct Kernels {
  /** Instruction set in use, for `doctor`: "avx512", "avx2", "neon" or "portable". */
  const char* name;
  /** Squared Euclidean distance of two rows of `dimension` floats. */
  float (*squaredL2)(const float* a, const float* b, size_t dimension);
  /** Squared Euclidean distances of four consecutive rows of `queries` to one row. */
  void (*squaredL2Four)(const float* queries, const float* row, size_t dimension, float* distances);
  /** IEEE 754 half precision to single precision. */
  void (*widen)(const uint16_t* half, float* single, size_t count);
  /** Dot product of two rows of 8-bit numbers, exact: the same on every processor. */
  int32_t (*dotBytes)(const int8_t* a, const int8_t* b, size_t dimension);
};

/** The fastest kernels that this processor can run. */
const Kernels& kernels();

/** All kernels that this processor can run, the fastest first: for tests, which hold them against each other. */
const std::vector<Kernels>& allKernels();

}  // namespace recross
