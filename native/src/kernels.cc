#include "kernels.h"

#include <cstring>

#if defined(__x86_64__) || defined(_M_X64)
#define RECROSS_X86 1
#include <immintrin.h>
#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#define TARGET(features)
#else
#define TARGET(features) __attribute__((target(features)))
#endif
#endif

namespace recross {
namespace {

// ---- portable -------------------------------------------------------------------------------------------------------

// Sixteen running sums let the compiler use whatever vector unit there is without changing the order of additions.
float squaredL2Portable(const float* a, const float* b, size_t dimension) {
  constexpr size_t lanes = 16;
  float sums[lanes] = {0};
  size_t i = 0;
  for (; i + lanes <= dimension; i += lanes) {
    for (size_t lane = 0; lane < lanes; lane++) {
      const float difference = a[i + lane] - b[i + lane];
      sums[lane] += difference * difference;
    }
  }
  float total = 0;
  for (; i < dimension; i++) total += (a[i] - b[i]) * (a[i] - b[i]);
  for (size_t lane = 0; lane < lanes; lane++) total += sums[lane];
  return total;
}

void squaredL2FourPortable(const float* queries, const float* row, size_t dimension, float* distances) {
  for (size_t q = 0; q < 4; q++) distances[q] = squaredL2Portable(queries + q * dimension, row, dimension);
}

float widenOne(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16;
  uint32_t exponent = (half >> 10) & 0x1fu;
  uint32_t mantissa = half & 0x3ffu;
  uint32_t bits;
  if (exponent == 0x1f) {
    bits = sign | 0x7f800000u | (mantissa << 13);
  } else if (exponent != 0) {
    bits = sign | ((exponent + 112) << 23) | (mantissa << 13);
  } else if (mantissa == 0) {
    bits = sign;
  } else {
    exponent = 113;
    while ((mantissa & 0x400u) == 0) {
      mantissa <<= 1;
      exponent--;
    }
    bits = sign | (exponent << 23) | ((mantissa & 0x3ffu) << 13);
  }
  float single;
  std::memcpy(&single, &bits, sizeof single);
  return single;
}

void widenPortable(const uint16_t* half, float* single, size_t count) {
#if defined(__aarch64__)
  const __fp16* source = reinterpret_cast<const __fp16*>(half);
  for (size_t i = 0; i < count; i++) single[i] = static_cast<float>(source[i]);
#else
  for (size_t i = 0; i < count; i++) single[i] = widenOne(half[i]);
#endif
}

int32_t dotBytesPortable(const int8_t* a, const int8_t* b, size_t dimension) {
  int32_t total = 0;
  for (size_t i = 0; i < dimension; i++) total += static_cast<int32_t>(a[i]) * static_cast<int32_t>(b[i]);
  return total;
}

#if defined(RECROSS_X86)

// ---- AVX2 -----------------------------------------------------------------------------------------------------------

TARGET("avx2,fma") inline float sumOf(__m256 v) {
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

TARGET("avx2,fma") float squaredL2Avx2(const float* a, const float* b, size_t dimension) {
  __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  size_t i = 0;
  for (; i + 32 <= dimension; i += 32) {
    const __m256 d0 = _mm256_sub_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));
    const __m256 d1 = _mm256_sub_ps(_mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8));
    const __m256 d2 = _mm256_sub_ps(_mm256_loadu_ps(a + i + 16), _mm256_loadu_ps(b + i + 16));
    const __m256 d3 = _mm256_sub_ps(_mm256_loadu_ps(a + i + 24), _mm256_loadu_ps(b + i + 24));
    s0 = _mm256_fmadd_ps(d0, d0, s0);
    s1 = _mm256_fmadd_ps(d1, d1, s1);
    s2 = _mm256_fmadd_ps(d2, d2, s2);
    s3 = _mm256_fmadd_ps(d3, d3, s3);
  }
  float total = sumOf(_mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3)));
  for (; i < dimension; i++) total += (a[i] - b[i]) * (a[i] - b[i]);
  return total;
}

TARGET("avx2,fma") void squaredL2FourAvx2(const float* queries, const float* row, size_t dimension, float* distances) {
  const float *q0 = queries, *q1 = q0 + dimension, *q2 = q1 + dimension, *q3 = q2 + dimension;
  __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  size_t i = 0;
  for (; i + 8 <= dimension; i += 8) {
    const __m256 r = _mm256_loadu_ps(row + i);
    const __m256 d0 = _mm256_sub_ps(_mm256_loadu_ps(q0 + i), r);
    const __m256 d1 = _mm256_sub_ps(_mm256_loadu_ps(q1 + i), r);
    const __m256 d2 = _mm256_sub_ps(_mm256_loadu_ps(q2 + i), r);
    const __m256 d3 = _mm256_sub_ps(_mm256_loadu_ps(q3 + i), r);
    s0 = _mm256_fmadd_ps(d0, d0, s0);
    s1 = _mm256_fmadd_ps(d1, d1, s1);
    s2 = _mm256_fmadd_ps(d2, d2, s2);
    s3 = _mm256_fmadd_ps(d3, d3, s3);
  }
  distances[0] = sumOf(s0);
  distances[1] = sumOf(s1);
  distances[2] = sumOf(s2);
  distances[3] = sumOf(s3);
  for (; i < dimension; i++) {
    distances[0] += (q0[i] - row[i]) * (q0[i] - row[i]);
    distances[1] += (q1[i] - row[i]) * (q1[i] - row[i]);
    distances[2] += (q2[i] - row[i]) * (q2[i] - row[i]);
    distances[3] += (q3[i] - row[i]) * (q3[i] - row[i]);
  }
}

TARGET("avx2,f16c") void widenF16c(const uint16_t* half, float* single, size_t count) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    _mm256_storeu_ps(single + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(half + i))));
  }
  for (; i < count; i++) single[i] = widenOne(half[i]);
}

TARGET("avx2,fma") inline __m256i sixteenProducts(const int8_t* a, const int8_t* b) {
  const __m256i left = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a)));
  const __m256i right = _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(b)));
  return _mm256_madd_epi16(left, right);
}

TARGET("avx2,fma") int32_t dotBytesAvx2(const int8_t* a, const int8_t* b, size_t dimension) {
  __m256i s0 = _mm256_setzero_si256(), s1 = s0;
  size_t i = 0;
  for (; i + 32 <= dimension; i += 32) {
    s0 = _mm256_add_epi32(s0, sixteenProducts(a + i, b + i));
    s1 = _mm256_add_epi32(s1, sixteenProducts(a + i + 16, b + i + 16));
  }
  alignas(32) int32_t lanes[8];
  _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), _mm256_add_epi32(s0, s1));
  int32_t total = dotBytesPortable(a + i, b + i, dimension - i);
  for (const int32_t lane : lanes) total += lane;
  return total;
}

// ---- AVX-512 --------------------------------------------------------------------------------------------------------

TARGET("avx512f") float squaredL2Avx512(const float* a, const float* b, size_t dimension) {
  __m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  size_t i = 0;
  for (; i + 64 <= dimension; i += 64) {
    const __m512 d0 = _mm512_sub_ps(_mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i));
    const __m512 d1 = _mm512_sub_ps(_mm512_loadu_ps(a + i + 16), _mm512_loadu_ps(b + i + 16));
    const __m512 d2 = _mm512_sub_ps(_mm512_loadu_ps(a + i + 32), _mm512_loadu_ps(b + i + 32));
    const __m512 d3 = _mm512_sub_ps(_mm512_loadu_ps(a + i + 48), _mm512_loadu_ps(b + i + 48));
    s0 = _mm512_fmadd_ps(d0, d0, s0);
    s1 = _mm512_fmadd_ps(d1, d1, s1);
    s2 = _mm512_fmadd_ps(d2, d2, s2);
    s3 = _mm512_fmadd_ps(d3, d3, s3);
  }
  for (; i < dimension; i += 16) {
    const __mmask16 mask = dimension - i >= 16 ? 0xffff : static_cast<__mmask16>((1u << (dimension - i)) - 1);
    const __m512 d = _mm512_sub_ps(_mm512_maskz_loadu_ps(mask, a + i), _mm512_maskz_loadu_ps(mask, b + i));
    s0 = _mm512_fmadd_ps(d, d, s0);
  }
  return _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(s0, s1), _mm512_add_ps(s2, s3)));
}

TARGET("avx512f") void squaredL2FourAvx512(const float* queries, const float* row, size_t dimension, float* distances) {
  const float *q0 = queries, *q1 = q0 + dimension, *q2 = q1 + dimension, *q3 = q2 + dimension;
  __m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  for (size_t i = 0; i < dimension; i += 16) {
    const __mmask16 mask = dimension - i >= 16 ? 0xffff : static_cast<__mmask16>((1u << (dimension - i)) - 1);
    const __m512 r = _mm512_maskz_loadu_ps(mask, row + i);
    const __m512 d0 = _mm512_sub_ps(_mm512_maskz_loadu_ps(mask, q0 + i), r);
    const __m512 d1 = _mm512_sub_ps(_mm512_maskz_loadu_ps(mask, q1 + i), r);
    const __m512 d2 = _mm512_sub_ps(_mm512_maskz_loadu_ps(mask, q2 + i), r);
    const __m512 d3 = _mm512_sub_ps(_mm512_maskz_loadu_ps(mask, q3 + i), r);
    s0 = _mm512_fmadd_ps(d0, d0, s0);
    s1 = _mm512_fmadd_ps(d1, d1, s1);
    s2 = _mm512_fmadd_ps(d2, d2, s2);
    s3 = _mm512_fmadd_ps(d3, d3, s3);
  }
  distances[0] = _mm512_reduce_add_ps(s0);
  distances[1] = _mm512_reduce_add_ps(s1);
  distances[2] = _mm512_reduce_add_ps(s2);
  distances[3] = _mm512_reduce_add_ps(s3);
}

TARGET("avx512f,avx512bw") int32_t dotBytesAvx512(const int8_t* a, const int8_t* b, size_t dimension) {
  __m512i s0 = _mm512_setzero_si512(), s1 = s0;
  size_t i = 0;
  for (; i + 64 <= dimension; i += 64) {
    const __m512i a0 = _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(a + i)));
    const __m512i b0 = _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(b + i)));
    const __m512i a1 = _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(a + i + 32)));
    const __m512i b1 = _mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(b + i + 32)));
    s0 = _mm512_add_epi32(s0, _mm512_madd_epi16(a0, b0));
    s1 = _mm512_add_epi32(s1, _mm512_madd_epi16(a1, b1));
  }
  return _mm512_reduce_add_epi32(_mm512_add_epi32(s0, s1)) + dotBytesPortable(a + i, b + i, dimension - i);
}

enum class Level { none, avx2, avx512 };

Level detect() {
#if defined(_MSC_VER) && !defined(__clang__)
  int registers[4];
  __cpuid(registers, 1);
  const bool saved = (registers[2] & (1 << 27)) != 0, f16c = (registers[2] & (1 << 29)) != 0, fma = (registers[2] & (1 << 12)) != 0;
  if (!saved || !f16c || !fma) return Level::none;
  const unsigned long long state = _xgetbv(0);
  __cpuidex(registers, 7, 0);
  if ((registers[1] & (1 << 16)) != 0 && (registers[1] & (1 << 30)) != 0 && (state & 0xe6) == 0xe6) return Level::avx512;
  return (registers[1] & (1 << 5)) != 0 && (state & 0x6) == 0x6 ? Level::avx2 : Level::none;
#else
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("f16c")) return Level::none;
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") ? Level::avx512 : Level::avx2;
#endif
}

#endif  // RECROSS_X86

std::vector<Kernels> usable() {
  std::vector<Kernels> all;
#if defined(RECROSS_X86)
  const Level level = detect();
  if (level == Level::avx512) all.push_back({"avx512", squaredL2Avx512, squaredL2FourAvx512, widenF16c, dotBytesAvx512});
  if (level != Level::none) all.push_back({"avx2", squaredL2Avx2, squaredL2FourAvx2, widenF16c, dotBytesAvx2});
#endif
#if defined(__aarch64__)
  all.push_back({"neon", squaredL2Portable, squaredL2FourPortable, widenPortable, dotBytesPortable});
#else
  all.push_back({"portable", squaredL2Portable, squaredL2FourPortable, widenPortable, dotBytesPortable});
#endif
  return all;
}

}  // namespace

const std::vector<Kernels>& allKernels() {
  static const std::vector<Kernels> all = usable();
  return all;
}

const Kernels& kernels() {
  static const Kernels& fastest = allKernels().front();
  return fastest;
}

}  // namespace recross
