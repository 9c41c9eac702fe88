// What the fuzz targets have in common: a name each, how an input is taken apart, and how a broken
// promise is told.
//
//   TOCSIN_FUZZ_TARGET(text, seeds) { PROMISE(one_line(input).size() <= …, "…"); }
//
// A target takes any bytes. It fails by an exception, a sanitizer or a signal; it reads no clock
// and, but for those that say so, no file. libFuzzer runs one of them a program (entry/), the
// normal build replays seeds, corpus and regressions of all (replay_test.cpp).
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::fuzz {

/// Where tests/fuzz/corpus and regressions have their folders by this name.
struct Target {
  std::string name;
  void (*run)(std::string_view input);
  /// Good inputs to begin with, made of the repository's own examples.
  std::vector<std::string> (*seeds)();
};
std::vector<Target>& targets();

struct Registered {
  explicit Registered(Target target) { targets().push_back(std::move(target)); }
};
#define TOCSIN_FUZZ_TARGET(name, seeds)                                                  \
  static void run_##name(std::string_view input);                                        \
  static const ::tocsin::fuzz::Registered registered_##name{{#name, run_##name, seeds}}; \
  static void run_##name(std::string_view input)

/// What a target promises did not hold.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// Throws it, with the detail as one printable line.
[[noreturn]] void broken(const char* file, int line, const char* condition,
                         const std::string& detail);
#define PROMISE(condition, detail)    \
  ((condition) ? static_cast<void>(0) \
               : ::tocsin::fuzz::broken(__FILE__, __LINE__, #condition, detail))

/// An error's text is for people: there is one, it is no book, and it is whole UTF-8.
void check_error_text(const std::string& text);
inline constexpr std::size_t kMostErrorBytes = 16u << 10;

/// Takes an input apart from the front; at its end everything is empty or 0.
class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  /// Up to the next line feed, which is dropped.
  std::string_view line() { return until('\n'); }
  std::string_view until(char end) {
    const std::size_t at = std::min(rest_.find(end), rest_.size());
    const std::string_view taken = rest_.substr(0, at);
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return taken;
  }
  /// Eight bytes, the least first.
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value |= std::uint64_t{byte()} << (8 * i);
    return value;
  }
  std::string_view rest() { return std::exchange(rest_, {}); }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// "a=1&b=2", nothing decoded.
std::vector<std::pair<std::string, std::string>> pairs_of(std::string_view text);

/// Whether all of it is UTF-8.
bool is_utf8(std::string_view text);
/// Whether it has a control character other than those.
bool has_control(std::string_view text, std::string_view but = {});

/// A file of the repository, from its root on. Ends the program when it is not there.
std::string file_of(const std::string& path);
/// The files in a folder of it, by name.
std::vector<std::string> files_in(const std::string& folder);
/// What is in tests/journal/golden/NAME.hex.
std::string golden(const std::string& name);
/// The names there that begin so.
std::vector<std::string> goldens(const std::string& beginning);

}  // namespace tocsin::fuzz
