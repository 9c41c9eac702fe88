// The sections of the configuration, each read into the draft that becomes the Settings once
// nothing is wrong.
//
// A reader goes on after a fault and defines every name it can, so that one mistake is one fault
// and not ten.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "router/settings/names.hpp"
#include "router/settings/report.hpp"
#include "router/settings/settings.hpp"
#include "router/settings/value.hpp"

namespace tocsin::settings {

/// A rule that matches every alert.
struct CatchAll {
  std::size_t index;  // among all rules
  Place place;
};

struct Draft {
  const Vocabulary& vocabulary;
  Report report{};
  Names names{};
  Settings settings{};
  std::map<std::string, std::string> key_owners{};               // key → its integration
  std::vector<std::pair<std::string, Place>> channel_targets{};  // channels that a step pages
  bool default_seen = false;
  std::size_t rules_seen = 0;  // those with faults as well
  std::vector<CatchAll> catch_alls{};
};

void read_server(const Value& value, Draft& draft);
void read_journal(const Value& value, Draft& draft);
void read_integrations(const Value& value, Draft& draft);
void read_channels(const Value& value, Draft& draft);
void read_people(const Value& value, Draft& draft);
void read_default(const Value& value, Draft& draft);
void read_policies(const Value& value, const std::string& team, Draft& draft);
void read_rules(const Value& value, const std::string& team, Draft& draft);

/// One of the known words; those of a later version get their own answer. `noun` such as "source".
std::optional<std::string> read_choice(const Value& value, std::string_view noun,
                                       const std::vector<std::string>& known,
                                       const std::vector<std::string_view>& later = {});
std::optional<Severity> read_severity(const Value& value);
/// A key, token or secret: long enough and fit for a header, or a fault that does not show it.
std::optional<Text> read_secret(const Value& value);

/// Shorter ones can be guessed over the network.
inline constexpr std::size_t kLeastSecretBytes = 16;
inline constexpr std::size_t kMostSecretBytes = 1024;
inline constexpr Duration kLeastStepWait = std::chrono::seconds(1);
inline constexpr Duration kMostStepWait = std::chrono::hours(24 * 7);
inline constexpr std::uint32_t kMostRepeats = 100;
inline constexpr std::size_t kMostGroupBy = 64;   // labels
inline constexpr std::size_t kMostContacts = 64;  // of one person

}  // namespace tocsin::settings
