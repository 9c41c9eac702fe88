// A payload as a tree to look things up in, for every source whose sender posts JSON or a form, and
// the making of an alert out of what is found. Pure.
//
// Strangers wrote it: what is missing, null or of another type is an empty value and no fault; the
// source says what it cannot do without.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/source.hpp"
#include "connectors/sources/alert_fields.hpp"

namespace tocsin::connectors::sources {

/// A JSON value, read only. Copies share the tree.
class Json {
 public:
  Json() = default;  // null
  /// A byte order mark is skipped, depth is kMostJsonDepth at the most; what senders often get
  /// wrong is put right (json_repair.hpp). Errors: invalid, saying where it stops being JSON.
  static Result<Json> parse(std::string_view text);
  /// The pairs of a form as an object of texts; of a name that stands twice the first.
  static Json object(const std::multimap<std::string, std::string>& pairs);

  bool is_null() const;
  bool is_object() const;
  bool is_array() const;
  bool is_text() const;

  /// A member; null where it is missing, or this is no object.
  Json operator[](std::string_view member) const;
  /// RFC 6901: "/alerts/0/labels"; null where it leads nowhere. Empty: this.
  Json at_pointer(std::string_view pointer) const;
  /// A text as it is; numbers and booleans as they are written; an object or a list as JSON; empty
  /// where there is nothing.
  std::string text() const;
  /// Also of a text that is a number.
  std::optional<double> number() const;
  /// true, "true", 1.
  bool truth() const;
  std::vector<Json> items() const;                            // of a list
  std::vector<std::pair<std::string, Json>> members() const;  // of an object
  std::size_t size() const;                                   // of either

 private:
  struct Node;
  explicit Json(std::shared_ptr<const Node> node) : node_(std::move(node)) {}
  std::shared_ptr<const Node> node_;
};

/// The first of these that says anything.
std::string first_text(const std::vector<Json>& values);

/// application/x-www-form-urlencoded.
std::multimap<std::string, std::string> read_form(std::string_view body);
/// The fields of a multipart/form-data body, without files; empty if it is none.
std::multimap<std::string, std::string> read_multipart(std::string_view content_type,
                                                       std::string_view body);

/// RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970; nothing for what is
/// neither, and for the zero time of several languages.
std::optional<WallTime> time_of(const Json& value);

/// One alert while it is put together.
struct Draft {
  std::string key;  // empty: the fingerprint of its labels
  AlertStatus status = AlertStatus::firing;
  PairCollector labels, annotations;
  std::optional<WallTime> starts_at,
      ends_at;  // without a start: received; resolved without an end: so too
  std::string generator_url;

  void label(std::string_view name, std::string_view value) {
    if (!value.empty()) labels.add(name, value);
  }
  void annotation(std::string_view name, std::string_view value) {
    if (!value.empty()) annotations.add(name, value);
  }
  /// As a label where it is short enough to identify an alert, cut to kMostLabelValueBytes.
  void label_cut(std::string_view name, std::string_view value);
};

/// A name that is fit to be a label's: letters, digits and underscores; others become one.
std::string label_name(std::string_view text);

inline constexpr std::size_t kMostKeyBytes = 512;  // a longer one is replaced by its hash
/// A key as finish() gives it to an alert: for whoever speaks of the alert besides.
std::string short_key(std::string_view key);

/// Errors: invalid, what is wrong with its labels.
Result<Alert> finish(const Draft& draft, WallTime received);

}  // namespace tocsin::connectors::sources
