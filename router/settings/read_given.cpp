// tests[].given: what happens in a test, entry by entry.
#include "router/settings/case_keys.hpp"
#include "router/settings/case_sections.hpp"

namespace tocsin::settings {
namespace {

std::optional<Given> read_what(const Section& section, Given given, const std::string& folder,
                               const Known& known) {
  using What = Given::What;
  if (const auto labels = section.find("alert")) {
    given.what = What::alert;
    auto read = read_labels(*labels);
    const auto notes = section.find("annotations");
    auto annotations = notes ? read_labels(*notes) : Labels{};
    if (!read || !annotations) return std::nullopt;
    given.labels = std::move(*read);
    given.annotations = std::move(*annotations);
  } else if (const auto ended = section.find("resolve")) {
    given.what = What::resolve;
    auto read = read_labels(*ended);
    if (!read) return std::nullopt;
    given.labels = std::move(*read);
  } else if (const auto by = section.find("acknowledge")) {
    given.what = What::acknowledge;
    const auto who = read_known(*by, "person", known.people);
    const auto which = section.find("of");
    auto read = which ? read_labels(*which) : Labels{};
    if (!who || !read) return std::nullopt;
    given.by = *who;
    given.labels = std::move(*read);
  } else if (const auto file = section.find("payload")) {
    given.what = What::payload;
    const auto path = file->word();
    if (!path) return std::nullopt;
    given.payload = path->starts_with('/') ? *path : folder + *path;
  }
  return given;
}

}  // namespace

std::optional<Given> read_given(const Value& value, const std::string& folder, const Known& known) {
  const auto peeked = Section::peek(value);
  if (!peeked) return std::nullopt;
  const Keys* keys = peeked->find("alert")         ? &kGivenAlert
                     : peeked->find("resolve")     ? &kGivenResolve
                     : peeked->find("acknowledge") ? &kGivenAcknowledge
                     : peeked->find("payload")     ? &kGivenPayload
                                                   : nullptr;
  if (keys == nullptr) {
    value.fault("says nothing that happens; write alert:, resolve:, acknowledge: or payload:");
    return std::nullopt;
  }
  const auto section = Section::open(value, *keys);
  Given given;
  given.place = value.place();
  if (const auto after = section->find("after")) {
    const auto read = after->duration(Duration::zero(), kLongestCase);
    if (!read) return std::nullopt;
    given.after = *read;
  }
  return read_what(*section, std::move(given), folder, known);
}

}  // namespace tocsin::settings
