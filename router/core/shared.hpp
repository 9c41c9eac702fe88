// Values that take little memory where there are a hundred thousand of them: equal ones kept once,
// and rare ones kept elsewhere. All of them copy and compare as the plain values that they stand
// for.
//
//   Shared<T>   8 bytes; copies share one T that nobody changes. edit() makes it one's own first.
//   Rare<T>     8 bytes; an optional whose T is allocated, when there is one.
//
// Any number of threads may read, copy and destroy different copies of one shared value; a single
// copy is changed by one thread, as any value is.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace tocsin {

/// Never null: one that was given no value stands for a default T.
template <class T>
class Shared {
 public:
  Shared() = default;
  Shared(T value) : kept_(new Kept(std::move(value))) {}  // NOLINT: a T is one
  Shared(const Shared& other) : kept_(other.kept_) { hold(); }
  Shared(Shared&& other) noexcept : kept_(std::exchange(other.kept_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(kept_, other.kept_);
    return *this;
  }
  ~Shared() { let_go(); }

  const T& operator*() const { return kept_ ? kept_->value : nothing(); }
  const T* operator->() const { return &**this; }
  operator const T&() const { return **this; }  // NOLINT: it reads as one

  /// For changing: of no other copy any more.
  T& edit() {
    if (!kept_)
      kept_ = new Kept(T());
    else if (kept_->holders.load(std::memory_order_acquire) != 1)
      *this = Shared(kept_->value);
    return kept_->value;
  }
  /// It was given no value.
  bool is_nothing() const { return kept_ == nullptr; }
  /// Both are one, which says more than that they are equal.
  bool is_same_as(const Shared& other) const { return kept_ == other.kept_; }

  bool operator==(const Shared& other) const { return is_same_as(other) || **this == *other; }

 private:
  struct Kept {
    explicit Kept(T given) : value(std::move(given)) {}
    std::atomic<std::uint32_t> holders = 1;
    T value;
  };

  static const T& nothing() {
    static const T value{};
    return value;
  }
  void hold() {
    if (kept_) kept_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  void let_go() {
    if (kept_ && kept_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete kept_;
  }

  Kept* kept_ = nullptr;
};

/// As std::optional, as far as it goes.
template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(std::nullopt_t) {}                                          // NOLINT: as std::optional
  Rare(T value) : kept_(std::make_unique<T>(std::move(value))) {}  // NOLINT: likewise
  Rare(std::optional<T> value) {                                   // NOLINT: likewise
    if (value) kept_ = std::make_unique<T>(std::move(*value));
  }
  Rare(const Rare& other) : kept_(other ? std::make_unique<T>(*other) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(Rare other) noexcept {
    kept_ = std::move(other.kept_);
    return *this;
  }
  ~Rare() = default;

  explicit operator bool() const { return kept_ != nullptr; }
  bool has_value() const { return kept_ != nullptr; }
  T& operator*() { return *kept_; }
  const T& operator*() const { return *kept_; }
  T* operator->() { return kept_.get(); }
  const T* operator->() const { return kept_.get(); }
  T value_or(T otherwise) const { return kept_ ? *kept_ : std::move(otherwise); }
  T& emplace(T value = T()) {
    kept_ = std::make_unique<T>(std::move(value));
    return *kept_;
  }
  void reset() { kept_.reset(); }
  operator std::optional<T>() const {  // NOLINT: it reads as one
    return kept_ ? std::optional<T>(*kept_) : std::nullopt;
  }

  friend bool operator==(const Rare& a, const Rare& b) { return a && b ? *a == *b : !a && !b; }
  // Without these two an optional would compare with a Rare as with a T.
  friend bool operator==(const Rare& a, const std::optional<T>& b) {
    return a && b ? *a == *b : !a && !b;
  }
  friend bool operator==(const std::optional<T>& a, const Rare& b) { return b == a; }
  friend bool operator==(const Rare& a, std::nullopt_t) { return !a; }

 private:
  std::unique_ptr<T> kept_;
};

}  // namespace tocsin
