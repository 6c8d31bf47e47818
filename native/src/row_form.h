// How a graph keeps the vectors of its rows.
#pragma once

#include <cstddef>

namespace recross {

/** A form of rows: how long one is, how it is made of floats, how far two are apart. */
struct RowForm {
  size_t bytes;
  /** Distances between rows are near the true ones only: what is found is ranked again by the vectors themselves. */
  bool rounded;
  void (*encode)(const float* vector, size_t dimension, char* row);
  /** The squared Euclidean distance of two rows. */
  float (*distance)(const char* a, const char* b, size_t dimension);
};

/** Floats as they are, as hnswlib has them. */
RowForm wholeRows(size_t dimension);
/** A byte a number and two floats a row: a quarter of the memory, and of the time that reading it takes. */
RowForm byteRows(size_t dimension);

}  // namespace recross
