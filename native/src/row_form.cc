#include "row_form.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "kernels.h"

namespace recross {

namespace {

void copyFloats(const float* vector, size_t dimension, char* row) { std::memcpy(row, vector, dimension * sizeof(float)); }

float floatDistance(const char* a, const char* b, size_t dimension) {
  return kernels().squaredL2(reinterpret_cast<const float*>(a), reinterpret_cast<const float*>(b), dimension);
}

/** What a row of bytes begins with: `number = scale * byte`, and the squared length of these numbers. */
struct ByteHead {
  float scale;
  float squares;
};

const int8_t* bytesOf(const char* row) { return reinterpret_cast<const int8_t*>(row + sizeof(ByteHead)); }

// The largest number of a row becomes 127. What is not finite becomes 0: such vectors are refused before a graph is built.
void roundToBytes(const float* vector, size_t dimension, char* row) {
  float largest = 0;
  for (size_t i = 0; i < dimension; i++) {
    const float size = std::fabs(vector[i]);
    if (std::isfinite(size)) largest = std::max(largest, size);
  }
  const float scale = largest / 127.0f;
  int8_t* bytes = reinterpret_cast<int8_t*>(row + sizeof(ByteHead));
  int64_t squares = 0;
  for (size_t i = 0; i < dimension; i++) {
    const float exact = scale > 0 && std::isfinite(vector[i]) ? vector[i] / scale : 0.0f;
    const long rounded = std::lrintf(std::min(127.0f, std::max(-127.0f, exact)));
    bytes[i] = static_cast<int8_t>(rounded);
    squares += rounded * rounded;
  }
  const ByteHead head{scale, scale * scale * static_cast<float>(squares)};
  std::memcpy(row, &head, sizeof head);
}

float byteDistance(const char* a, const char* b, size_t dimension) {
  ByteHead left, right;
  std::memcpy(&left, a, sizeof left);
  std::memcpy(&right, b, sizeof right);
  const float product = left.scale * right.scale * static_cast<float>(kernels().dotBytes(bytesOf(a), bytesOf(b), dimension));
  return std::max(0.0f, left.squares + right.squares - 2.0f * product);
}

}  // namespace

RowForm wholeRows(size_t dimension) { return {dimension * sizeof(float), false, copyFloats, floatDistance}; }

RowForm byteRows(size_t dimension) { return {(sizeof(ByteHead) + dimension + 3) / 4 * 4, true, roundToBytes, byteDistance}; }

}  // namespace recross
