// What a request to change something brings in its body: a small JSON object, or a form's one
// field. Strangers write them, so size and depth are limited and every error names the field and
// what to write. Pure.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "router/core/http.hpp"
#include "router/core/result.hpp"

namespace tocsin::api {

inline constexpr std::size_t kMostChangeBytes = 64u << 10;
inline constexpr std::size_t kMostChangeDepth = 8;
inline constexpr std::size_t kMostFormBytes = 1u << 10;

/// An object of texts; `matchers` is a list. Alertmanager's objects of a matcher are taken for what
/// they say in its syntax.
struct ChangeBody {
  std::map<std::string, std::string, std::less<>> texts;
  std::optional<std::vector<std::string>> matchers;

  /// Nothing, if it was left out.
  const std::string* text(std::string_view name) const;
};

/// `fields`: the names that may stand in it. A body that is empty is an empty object. Errors:
/// invalid.
Result<ChangeBody> read_change(std::string_view bytes, std::span<const std::string_view> fields);

/// The text of a field that must be there, neither blank nor longer than `most` bytes. Errors:
/// invalid.
Result<std::string> needed_text(const ChangeBody& body, std::string_view name, std::size_t most);

/// Which of these words a query asks for, with commas between: none of them, if nothing is asked.
/// Errors: invalid, naming the field and the words.
Result<std::vector<std::string_view>> words_asked(std::string_view name, std::string_view asked,
                                                  std::span<const std::string_view> words);

/// The field `do` of an HTML form; empty, if the body is. Errors: invalid, when there is anything
/// else.
Result<std::string> form_choice(const HttpRequest& request);

}  // namespace tocsin::api
