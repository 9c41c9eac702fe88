// Result<T>: a value or an Error, for everything that can fail for a reason outside this program.
//
// Its names follow std::expected, so that leaving it is cheap once the standard has one. Our own
// bugs are not results: TOCSIN_CHECK ends the process, the journal remembers, and systemd starts it
// again.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace tocsin {

/// What a caller can do about it; closed on purpose.
enum class ErrorKind {
  invalid,      // the input is wrong: say so to whoever sent it, do not try again
  not_found,    // there is no such thing
  refused,      // a limit or a conflict; nothing was done
  unavailable,  // temporary; nothing was done; try again later
  unknown,      // it may or may not have happened
  corrupt,      // stored data is damaged
};

struct Error {
  ErrorKind kind;
  std::string message;  // what, which, and what to do about it; never a secret
};

inline Error invalid(std::string message) { return {ErrorKind::invalid, std::move(message)}; }
inline Error not_found(std::string message) { return {ErrorKind::not_found, std::move(message)}; }
inline Error refused(std::string message) { return {ErrorKind::refused, std::move(message)}; }
inline Error unavailable(std::string message) {
  return {ErrorKind::unavailable, std::move(message)};
}
inline Error unknown_outcome(std::string message) {
  return {ErrorKind::unknown, std::move(message)};
}
inline Error corrupt(std::string message) { return {ErrorKind::corrupt, std::move(message)}; }

struct Unit {};

[[noreturn]] void check_failed(const char* file, int line, const char* condition, const char* why);

/// On in release builds as well. Never for input.
#define TOCSIN_CHECK(condition, why) \
  ((condition) ? static_cast<void>(0) : ::tocsin::check_failed(__FILE__, __LINE__, #condition, why))

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : value_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return value_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return *checked(); }
  const T& value() const& { return *const_cast<Result*>(this)->checked(); }
  T&& value() && { return std::move(*checked()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return checked(); }
  const T* operator->() const { return const_cast<Result*>(this)->checked(); }

  const Error& error() const& { return std::get<1>(value_); }
  Error&& error() && { return std::get<1>(std::move(value_)); }

 private:
  T* checked() {
    TOCSIN_CHECK(has_value(), "the value of a failed Result was asked for");
    return &std::get<0>(value_);
  }
  std::variant<T, Error> value_;
};

using Status = Result<Unit>;
inline Status ok() { return Unit{}; }

#define TOCSIN_CONCAT_(a, b) a##b
#define TOCSIN_CONCAT(a, b) TOCSIN_CONCAT_(a, b)
/// TOCSIN_TRY(auto x, f()): x is f's value, or the function returns f's error.
#define TOCSIN_TRY(declaration, expression)                                                        \
  auto TOCSIN_CONCAT(tried_, __LINE__) = (expression);                                             \
  if (!TOCSIN_CONCAT(tried_, __LINE__)) return std::move(TOCSIN_CONCAT(tried_, __LINE__)).error(); \
  declaration = std::move(TOCSIN_CONCAT(tried_, __LINE__)).value()

}  // namespace tocsin
