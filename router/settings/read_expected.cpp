// tests[].expect: what a test demands, entry by entry.
#include <array>

#include "router/settings/case_keys.hpp"
#include "router/settings/case_sections.hpp"
#include "router/settings/sections.hpp"

namespace tocsin::settings {
namespace {

using What = Expected::What;

constexpr std::array kMessages{MessageKind::page, MessageKind::resolved, MessageKind::advice,
                               MessageKind::no_procedure};
constexpr std::array kOutcomes{Outcome::page, Outcome::suppress, Outcome::advise,
                               Outcome::remediate};

/// True where the key is there and its value is right, or it is not there.
template <typename Read, typename Into>
bool take(const Section& section, std::string_view key, Read read, Into& into) {
  const auto value = section.find(key);
  if (!value) return true;
  auto got = read(*value);
  if (!got) return false;
  into = std::move(*got);
  return true;
}

std::optional<bool> read_true(const Value& value) {
  const auto read = value.boolean();
  if (!read || *read) return read;
  value.fault("false says nothing; write true, or leave it out");
  return std::nullopt;
}

/// `rule: NAME`, or `no_rule: true`.
bool take_name(const Section& section, const std::string& key,
               const std::vector<std::string>& known, std::optional<std::string>& into) {
  const auto named = [&](const Value& value) { return read_known(value, key, known); };
  bool none = false;
  if (!take(section, key, named, into) || !take(section, "no_" + key, read_true, none))
    return false;
  if (none && into) {
    section.value().fault("both " + key + " and no_" + key + "; keep one");
    return false;
  }
  if (none) into = "";
  return true;
}

std::optional<Outcome> read_outcome_word(const Value& value) {
  std::vector<std::string> words;
  for (const Outcome outcome : kOutcomes) words.emplace_back(to_string(outcome));
  const auto word = read_choice(value, "outcome", words);
  if (word)
    for (const Outcome outcome : kOutcomes)
      if (to_string(outcome) == *word) return outcome;
  return std::nullopt;
}

bool read_decision(const Section& section, const Known& known, Expected& expected) {
  bool good = take(section, "outcome", read_outcome_word, expected.outcome);
  good &= take(section, "severity", read_severity, expected.severity);
  good &= take(section, "of", read_labels, expected.of);
  good &= take_name(section, "rule", known.rules, expected.rule);
  const auto team = [&](const Value& value) { return read_known(value, "team", known.teams); };
  good &= take(section, "team", team, expected.team);
  good &= take_name(section, "policy", known.policies, expected.policy);
  good &= take_name(section, "runbook", known.runbooks, expected.runbook);
  return good;
}

bool read_times(const Section& section, Expected& expected) {
  const auto time = [](const Value& value) {
    return value.duration(Duration::zero(), kLongestCase);
  };
  bool good = take(section, "after", time, expected.after);
  good &= take(section, "from", time, expected.from);
  good &= take(section, "before", time, expected.before);
  if (!good) return false;
  if (expected.after && (expected.from || expected.before)) {
    section.value().fault("after is one moment; leave out from and before");
    return false;
  }
  if (expected.from && expected.before && *expected.from >= *expected.before) {
    section.value().fault("no moment is from " + format_duration(*expected.from) + " and before " +
                          format_duration(*expected.before) + "; mend one");
    return false;
  }
  return true;
}

bool read_message(const Section& section, const Known& known, Expected& expected) {
  std::vector<std::string> everybody = known.people;
  everybody.insert(everybody.end(), known.rooms.begin(), known.rooms.end());
  std::size_t kinds = 0;
  bool good = true;
  for (const MessageKind kind : kMessages) {
    const auto value = section.find(to_string(kind));
    if (!value) continue;
    if (++kinds > 1) {
      value->fault("one message an entry; make it an entry of its own");
      return false;
    }
    expected.kind = kind;
    const auto whom = read_known(*value, "person or channel", everybody);
    good &= whom.has_value();
    expected.whom = whom.value_or("");
  }
  const auto channel = [&](const Value& value) {
    return read_known(value, "channel", known.channels);
  };
  good &= take(section, "channel", channel, expected.channel);
  const auto count = [](const Value& value) { return value.count(0, kMostCounted); };
  good &= take(section, "times", count, expected.times);
  return read_times(section, expected) && good;
}

bool read_nobody(const Section& section, Expected& expected) {
  const auto told = [](const Value& value) {
    return read_choice(value, "way of being told", {"told", "paged"});
  };
  std::string word;
  if (!take(section, "nobody", told, word)) return false;
  expected.only_pages = word == "paged";
  return read_times(section, expected);
}

bool read_incidents(const Section& section, Expected& expected) {
  const auto count = [](const Value& value) { return value.count(0, kMostCounted); };
  const auto state = [](const Value& value) {
    return read_choice(value, "state", {"open", "acknowledged", "resolved"});
  };
  const bool counted = take(section, "incidents", count, expected.count);
  return take(section, "state", state, expected.state) && counted;
}

/// What kind of expectation it is, by the first of its keys that tells.
const Keys* kind_of(const Section& section, What& what) {
  const auto has = [&](std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys)
      if (section.find(key)) return true;
    return false;
  };
  if (has({"page", "resolved", "advice", "no_procedure"})) {
    what = What::message;
    return &kExpectMessage;
  }
  if (has({"nobody"})) {
    what = What::nobody;
    return &kExpectNobody;
  }
  if (has({"incidents"})) {
    what = What::incidents;
    return &kExpectIncidents;
  }
  if (has({"rejected"})) {
    what = What::rejected;
    return &kExpectRejected;
  }
  what = What::decision;
  return has({"outcome", "severity", "rule", "no_rule", "team", "policy", "no_policy", "runbook",
              "no_runbook"})
             ? &kExpectDecision
             : nullptr;
}

}  // namespace

std::optional<Expected> read_expected(const Value& value, const Known& known) {
  const auto peeked = Section::peek(value);
  if (!peeked) return std::nullopt;
  Expected expected;
  expected.place = value.place();
  const Keys* const keys = kind_of(*peeked, expected.what);
  if (keys == nullptr) {
    value.fault(
        "expects nothing; write e.g. outcome:, rule:, page:, nobody:, incidents: or rejected:");
    return std::nullopt;
  }
  const auto section = Section::open(value, *keys);
  bool good = section.has_value();
  switch (expected.what) {
    case What::decision:
      good &= read_decision(*section, known, expected);
      break;
    case What::message:
      good &= read_message(*section, known, expected);
      break;
    case What::nobody:
      good &= read_nobody(*section, expected);
      break;
    case What::incidents:
      good &= read_incidents(*section, expected);
      break;
    case What::rejected:
      good &= take(
          *section, "rejected", [](const Value& v) { return v.count(0, kMostCounted); },
          expected.count);
      break;
  }
  return good ? std::optional(std::move(expected)) : std::nullopt;
}

}  // namespace tocsin::settings
