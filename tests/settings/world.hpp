// A small right configuration around the fragment that a test is about, an environment without a
// process, and the faults as people read them.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "router/settings/settings.hpp"
#include "tests/catch.hpp"

namespace tocsin::settings {

inline const std::vector<connectors::Field>& webhook_fields() {
  static const std::vector<connectors::Field> kFields{
      {"url", true, false, "where to post"}, {"secret", false, true, "signs each message"}};
  return kFields;
}

inline Vocabulary vocabulary() {
  Vocabulary words;
  words.sources["prometheus"] = {{"alertname"}};
  words.channels["log"] = {};
  words.channels["webhook"] = {webhook_fields(), false};
  words.channels["pager"] = {{}, true};
  words.hooks["webhook"] = {webhook_fields()};
  words.kafka_property = [](const std::string& name, const std::optional<std::string>& value) {
    Vocabulary::Property judged;
    if (name == "acks") judged.wrong = "set by tocsin itself; remove it";
    if (value == "wrong") judged.wrong = "not a value that is taken here";
    judged.secret = name == "sasl.password";
    return judged;
  };
  return words;
}

/// What is set in the tests' environment; KEY_A and KEY_B are long enough, everything here is a
/// secret.
inline const std::map<std::string, std::string>& variables() {
  static const std::map<std::string, std::string> kVariables{{"KEY_A", "aaaa-0123456789abcdef"},
                                                             {"KEY_B", "bbbb-0123456789abcdef"},
                                                             {"SHORT", "hunter2"},
                                                             {"EMPTY", ""},
                                                             {"BLANKS", "with blanks within it"},
                                                             {"BYTES", "\xff\xfe"},
                                                             {"WORD", "s3cr3t-word"},
                                                             {"LONG", std::string(70'000, 's')}};
  return kVariables;
}

inline Environment environment() {
  Environment all;
  all.variable = [](const std::string& name) -> std::optional<std::string> {
    const auto found = variables().find(name);
    return found == variables().end() ? std::nullopt : std::optional(found->second);
  };
  all.file = [](const std::string& path) -> Result<std::string> {
    if (path == "/run/key") return std::string("file-0123456789abcdef\n");
    return invalid(path + ": no such file; create it, or mend the path");
  };
  return all;
}

/// The fragment first, so that its lines count from 1; then one line for each section that it does
/// not have.
inline std::string with_the_rest(const std::string& fragment) {
  static const std::vector<std::pair<std::string, std::string>> kRest{
      {"default", "{page: base}"},
      {"policies", "[{name: base, steps: [{page: [{person: ada}]}]}]"},
      {"people", "[{name: ada, contacts: {terminal: ada}}]"},
      {"channels", "[{name: terminal, type: log}]"},
      {"integrations", "[{name: prom, source: prometheus, key: \"${KEY_A}\"}]"}};
  std::string text = fragment;
  for (const auto& [key, value] : kRest)
    if (!text.starts_with(key + ":") && text.find("\n" + key + ":") == std::string::npos)
      text += key + ": " + value + "\n";
  return text;
}

inline Loaded load_files(const std::vector<File>& files, Unset unset = Unset::fault) {
  return load(files, vocabulary(), environment(), unset);
}
inline Loaded load_service(const std::string& fragment, Unset unset = Unset::fault) {
  return load_files({{"tocsin.yaml", with_the_rest(fragment)}}, unset);
}

inline std::vector<std::string> texts(const std::vector<Fault>& faults) {
  std::vector<std::string> all;
  for (const Fault& fault : faults) all.push_back(fault.text());
  return all;
}

/// Nothing that a fault or a note says may hold what a variable or a file held.
inline void check_no_secret(const Loaded& loaded) {
  for (const auto* list : {&loaded.faults, &loaded.notes})
    for (const Fault& fault : *list)
      for (const auto& [name, value] : variables())
        CHECK((value.empty() || fault.text().find(value) == std::string::npos));
}

/// One row of a table: what is written, and everything that is said of it.
struct Wrong {
  std::string written;
  std::vector<std::string> said;
};

inline void check_faults(const std::vector<Wrong>& table) {
  for (const Wrong& row : table) {
    INFO(row.written);
    const Loaded loaded = load_service(row.written + "\n");
    CHECK(texts(loaded.faults) == row.said);
    CHECK_FALSE(loaded.settings.has_value());
    check_no_secret(loaded);
  }
}

}  // namespace tocsin::settings
