// VectorFile and Graph as JavaScript classes. Long calls run on a thread of the pool and answer with a promise; results are
// copied into arrays of JavaScript's own, because Electron allows no memory from outside.
#include <functional>
#include <memory>

#include "graph.h"
#include "kernels.h"
#include "module.h"
#include "vector_file.h"

namespace recross {

namespace {

/** Runs `work` on the pool; `finish` then makes the promise's value on JavaScript's thread. */
class Task : public Napi::AsyncWorker {
 public:
  using Finish = std::function<Napi::Value(Napi::Env)>;

  static Napi::Value start(Napi::Env env, std::function<void()> work, Finish finish) {
    Task* task = new Task(env, std::move(work), std::move(finish));
    const Napi::Value promise = task->deferred_.Promise();
    task->Queue();
    return promise;
  }

 protected:
  void Execute() override {
    try {
      work_();
    } catch (const std::exception& error) {
      SetError(error.what());
    }
  }
  void OnOK() override { deferred_.Resolve(finish_(Env())); }
  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Task(Napi::Env env, std::function<void()> work, Finish finish)
      : Napi::AsyncWorker(env), deferred_(Napi::Promise::Deferred::New(env)), work_(std::move(work)), finish_(std::move(finish)) {}

  Napi::Promise::Deferred deferred_;
  std::function<void()> work_;
  Finish finish_;
};

Napi::Value nothing(Napi::Env env) { return env.Undefined(); }

template <class Array, class Number>
Array copied(Napi::Env env, const std::vector<Number>& numbers) {
  Array array = Array::New(env, numbers.size());
  std::copy(numbers.begin(), numbers.end(), array.Data());
  return array;
}

Napi::Value toJavaScript(Napi::Env env, const Answers& answers) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("rows", copied<Napi::Uint32Array>(env, answers.rows));
  object.Set("distances", copied<Napi::Float32Array>(env, answers.distances));
  object.Set("counts", copied<Napi::Uint32Array>(env, answers.counts));
  return object;
}

class VectorFileObject : public Napi::ObjectWrap<VectorFileObject> {
 public:
  static void registerClass(Napi::Env env, Napi::Object exports) {
    exports.Set("VectorFile", DefineClass(env, "VectorFile",
                                          {InstanceMethod("search", &VectorFileObject::search), InstanceMethod("read", &VectorFileObject::read),
                                           InstanceMethod("willNeed", &VectorFileObject::willNeed), InstanceMethod("close", &VectorFileObject::close)}));
  }

  explicit VectorFileObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<VectorFileObject>(info) {
    const std::string path = textOf(info[0], "path");
    const size_t rows = countOf(info[1], "rows"), dimension = countOf(info[2], "dimension");
    try {
      file = std::make_shared<VectorFile>(path, rows, dimension, info[3].ToBoolean().Value());
    } catch (const std::exception& error) {
      throw Napi::Error::New(info.Env(), error.what());
    }
  }

  std::shared_ptr<VectorFile> opened(Napi::Env env) const {
    if (!file) throw Napi::Error::New(env, "the vector file is closed");
    return file;
  }

 private:
  Napi::Value search(const Napi::CallbackInfo& info) {
    auto own = opened(info.Env());
    if (!info[0].IsArray()) throw Napi::TypeError::New(info.Env(), "sets must be an array");
    const auto asked = info[0].As<Napi::Array>();
    const size_t threads = countOf(info[1], "threads");
    auto sets = std::make_shared<std::vector<QuerySet>>();
    for (uint32_t at = 0; at < asked.Length(); at++) {
      const Napi::Value value = asked.Get(at);
      if (!value.IsObject()) throw Napi::TypeError::New(info.Env(), "a set must have queries, k and allowed");
      const auto object = value.As<Napi::Object>();
      QuerySet set{floatsOf(object.Get("queries"), "queries"), 0, countOf(object.Get("k"), "k"), bytesOf(object.Get("allowed"), "allowed")};
      set.count = set.queries.size() / own->dimension();
      if (set.queries.size() != set.count * own->dimension())
        throw Napi::TypeError::New(info.Env(), "queries do not have the dimension of the rows");
      if (!set.allowed.empty() && set.allowed.size() != own->rows())
        throw Napi::TypeError::New(info.Env(), "allowed must have one byte a row");
      sets->push_back(std::move(set));
    }
    auto answers = std::make_shared<std::vector<Answers>>();
    return Task::start(
        info.Env(), [=] { *answers = own->search(*sets, threads); },
        [=](Napi::Env env) {
          Napi::Array list = Napi::Array::New(env, answers->size());
          for (uint32_t at = 0; at < answers->size(); at++) list.Set(at, toJavaScript(env, (*answers)[at]));
          return list;
        });
  }

  Napi::Value read(const Napi::CallbackInfo& info) {
    auto own = opened(info.Env());
    if (!info[0].IsTypedArray() || info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array) {
      throw Napi::TypeError::New(info.Env(), "rows must be a Uint32Array");
    }
    const auto rows = info[0].As<Napi::Uint32Array>();
    Napi::Float32Array result = Napi::Float32Array::New(info.Env(), rows.ElementLength() * own->dimension());
    std::vector<float> buffer(own->dimension());
    for (size_t i = 0; i < rows.ElementLength(); i++) {
      if (rows[i] >= own->rows()) throw Napi::RangeError::New(info.Env(), "there is no row " + std::to_string(rows[i]));
      const float* values = own->row(rows[i], buffer.data());
      std::copy(values, values + own->dimension(), result.Data() + i * own->dimension());
    }
    return result;
  }

  void willNeed(const Napi::CallbackInfo& info) { opened(info.Env())->willNeed(); }
  void close(const Napi::CallbackInfo&) { file.reset(); }

  std::shared_ptr<VectorFile> file;
};

class GraphObject : public Napi::ObjectWrap<GraphObject> {
 public:
  static void registerClass(Napi::Env env, Napi::Object exports) {
    exports.Set("Graph", DefineClass(env, "Graph",
                                     {InstanceMethod("create", &GraphObject::create), InstanceMethod("open", &GraphObject::open),
                                      InstanceMethod("resume", &GraphObject::resume), InstanceMethod("add", &GraphObject::add),
                                      InstanceMethod("save", &GraphObject::save), InstanceMethod("search", &GraphObject::search),
                                      InstanceMethod("searchNow", &GraphObject::searchNow),
                                      InstanceAccessor("size", &GraphObject::size, nullptr), InstanceMethod("close", &GraphObject::close)}));
  }

  explicit GraphObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<GraphObject>(info) {}

 private:
  /** Where a task on the pool leaves the graph that it made; shared with the task, which may outlive this object. */
  struct Holder {
    std::shared_ptr<Graph> graph;
  };

  std::shared_ptr<Graph> opened(Napi::Env env) const {
    if (!holder_->graph) throw Napi::Error::New(env, "the graph is closed or not open yet");
    return holder_->graph;
  }

  Napi::Value create(const Napi::CallbackInfo& info) {
    const size_t dimension = countOf(info[0], "dimension"), capacity = countOf(info[1], "capacity"), M = countOf(info[2], "M"),
                 efConstruction = countOf(info[3], "efConstruction"), seed = countOf(info[4], "seed");
    const bool bytes = info[5].ToBoolean().Value();
    auto holder = holder_;
    return Task::start(
        info.Env(), [=] { holder->graph = std::make_shared<Graph>(dimension, capacity, M, efConstruction, seed, bytes); }, nothing);
  }

  Napi::Value open(const Napi::CallbackInfo& info) {
    const std::string path = textOf(info[0], "path");
    const size_t dimension = countOf(info[1], "dimension");
    const bool bytes = info[2].ToBoolean().Value();
    auto holder = holder_;
    return Task::start(info.Env(), [=] { holder->graph = Graph::open(path, dimension, bytes); }, nothing);
  }

  Napi::Value resume(const Napi::CallbackInfo& info) {
    const std::string path = textOf(info[0], "path");
    const size_t dimension = countOf(info[1], "dimension"), capacity = countOf(info[2], "capacity"), seed = countOf(info[3], "seed");
    const bool bytes = info[4].ToBoolean().Value();
    auto holder = holder_;
    return Task::start(info.Env(), [=] { holder->graph = Graph::resume(path, dimension, capacity, seed, bytes); }, nothing);
  }

  Napi::Value add(const Napi::CallbackInfo& info) {
    auto own = opened(info.Env());
    if (!info[0].IsObject()) throw Napi::TypeError::New(info.Env(), "vectors must be a VectorFile");
    auto vectors = VectorFileObject::Unwrap(info[0].As<Napi::Object>())->opened(info.Env());
    const size_t count = countOf(info[1], "count"), threads = countOf(info[2], "threads");
    return Task::start(info.Env(), [=] { own->add(*vectors, count, threads); }, nothing);
  }

  Napi::Value save(const Napi::CallbackInfo& info) {
    auto own = opened(info.Env());
    const std::string path = textOf(info[0], "path");
    return Task::start(info.Env(), [=] { own->save(path); }, nothing);
  }

  Napi::Value search(const Napi::CallbackInfo& info) {
    auto own = opened(info.Env());
    auto queries = std::make_shared<std::vector<float>>(floatsOf(info[0], "queries"));
    auto allowed = std::make_shared<std::vector<uint8_t>>(bytesOf(info[4], "allowed"));
    const size_t k = countOf(info[1], "k"), ef = countOf(info[2], "ef"), threads = countOf(info[3], "threads");
    if (queries->size() % own->dimension() != 0) throw Napi::TypeError::New(info.Env(), "queries do not have the dimension of the graph");
    const auto vectors = vectorsOf(info[5]);
    auto answers = std::make_shared<Answers>(0, 0);
    return Task::start(
        info.Env(), [=] { *answers = own->search(*queries, k, ef, threads, *allowed, vectors.get()); },
        [=](Napi::Env env) { return toJavaScript(env, *answers); });
  }

  /** The same on JavaScript's own thread: for a query or two, handing them to another thread costs more than the search. */
  Napi::Value searchNow(const Napi::CallbackInfo& info) {
    auto own = opened(info.Env());
    const std::vector<float> queries = floatsOf(info[0], "queries");
    const std::vector<uint8_t> allowed = bytesOf(info[3], "allowed");
    const size_t k = countOf(info[1], "k"), ef = countOf(info[2], "ef");
    if (queries.size() % own->dimension() != 0) throw Napi::TypeError::New(info.Env(), "queries do not have the dimension of the graph");
    try {
      return toJavaScript(info.Env(), own->search(queries, k, ef, 1, allowed, vectorsOf(info[4]).get()));
    } catch (const std::exception& error) {
      throw Napi::Error::New(info.Env(), error.what());
    }
  }

  /** The rows that a graph of bytes is ranked by; null for others. */
  static std::shared_ptr<VectorFile> vectorsOf(const Napi::Value& value) {
    if (!value.IsObject()) return nullptr;
    return VectorFileObject::Unwrap(value.As<Napi::Object>())->opened(value.Env());
  }

  Napi::Value size(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), static_cast<double>(opened(info.Env())->size())); }
  void close(const Napi::CallbackInfo&) { holder_->graph.reset(); }

  std::shared_ptr<Holder> holder_ = std::make_shared<Holder>();
};

/** What every set of kernels makes of four queries and a row of half-precision numbers: for tests. */
Napi::Value compareKernels(const Napi::CallbackInfo& info) {
  const std::vector<float> queries = floatsOf(info[0], "queries");
  if (!info[1].IsTypedArray() || info[1].As<Napi::TypedArray>().TypedArrayType() != napi_uint16_array) {
    throw Napi::TypeError::New(info.Env(), "row must be a Uint16Array of half-precision bits");
  }
  const auto half = info[1].As<Napi::Uint16Array>();
  const size_t dimension = half.ElementLength();
  if (queries.size() != 4 * dimension) throw Napi::TypeError::New(info.Env(), "queries must be four rows");
  Napi::Object result = Napi::Object::New(info.Env());
  for (const Kernels& kernel : allKernels()) {
    std::vector<float> row(dimension), distances(8);
    kernel.widen(half.Data(), row.data(), dimension);
    kernel.squaredL2Four(queries.data(), row.data(), dimension, distances.data());
    for (size_t q = 0; q < 4; q++) distances[4 + q] = kernel.squaredL2(queries.data() + q * dimension, row.data(), dimension);
    // The same numbers as bytes: the lowest eight bits of each half, with the first query's place added.
    std::vector<int8_t> left(dimension), right(dimension);
    for (size_t i = 0; i < dimension; i++) {
      left[i] = static_cast<int8_t>(half[i] & 0xff);
      right[i] = static_cast<int8_t>((half[i] >> 4) + i);
    }
    Napi::Object one = Napi::Object::New(info.Env());
    one.Set("bytes", Napi::Number::New(info.Env(), kernel.dotBytes(left.data(), right.data(), dimension)));
    one.Set("row", copied<Napi::Float32Array>(info.Env(), row));
    one.Set("distances", copied<Napi::Float32Array>(info.Env(), distances));
    result.Set(kernel.name, one);
  }
  return result;
}

void registerComparison(Napi::Env env, Napi::Object exports) { exports.Set("compareKernels", Napi::Function::New(env, compareKernels)); }

const Registration comparison(registerComparison);
const Registration vectorFile(VectorFileObject::registerClass);
const Registration graph(GraphObject::registerClass);

}  // namespace

}  // namespace recross
