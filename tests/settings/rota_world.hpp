// Rotas, people and policies in one line each, and what is said of them without where it stands.
#pragma once

#include <string>

#include "tests/settings/world.hpp"

namespace tocsin::settings {

using Texts = std::vector<std::string>;

/// Three people, a terminal, and a policy that pages the rota r in turn with a channel.
inline const std::string kRotaRest = R"(
people: [{name: ada, contacts: {terminal: a}}, {name: grace, contacts: {terminal: g}}, {name: linus, contacts: {terminal: l}}]
policies: [{name: base, steps: [{page: [{rota: r}]}]}]
)";

/// A rota r in UTC with these keys beside.
inline std::string rota(const std::string& rest) {
  return "rotas: [{name: r, time_zone: UTC, " + rest + "}]" + kRotaRest;
}

/// From the key on; the place, which is line 1, is left out.
inline Texts without_places(const std::vector<Fault>& faults) {
  Texts said;
  for (const Fault& fault : faults) {
    CHECK((fault.file == "tocsin.yaml" && fault.line == 1 && fault.column > 0));
    said.push_back(fault.key + ": " + fault.what);
  }
  return said;
}

inline Texts faults_of(const std::string& written) {
  const Loaded loaded = load_service(written);
  CHECK(loaded.settings.has_value() == loaded.faults.empty());
  check_no_secret(loaded);
  return without_places(loaded.faults);
}

inline Texts notes_of(const std::string& written) {
  const Loaded loaded = load_service(written);
  for (const Fault& fault : loaded.faults) FAIL_CHECK(fault.text());
  return without_places(loaded.notes);
}

inline Settings loaded_of(const std::string& written) {
  Loaded loaded = load_service(written);
  for (const Fault& fault : loaded.faults) FAIL(fault.text());
  return std::move(*loaded.settings);
}

inline WallTime utc(std::string_view text) { return parse_rfc3339(text).value(); }

}  // namespace tocsin::settings
