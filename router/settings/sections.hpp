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

/// A channel that must need no address, as nobody's is given where it is used.
struct ChannelUse {
  std::string name;
  Place place;
  bool paged = false;  // by a step; else it is told things
};

/// Where a rule of Settings stands, and each of its matchers.
struct RulePlace {
  Place rule;
  std::vector<Place> matchers;
  bool whole = true;  // every matcher written could be read, so that it is known what it matches
};

/// A rule's word for a runbook, which may be defined in a later file.
struct RunbookUse {
  std::size_t rule;  // its number in Settings
  std::string name;
};

struct Draft {
  const Vocabulary& vocabulary;
  Report report{};
  Names names{};
  Settings settings{};
  std::map<std::string, std::string> key_owners{};  // key → its integration
  std::vector<ChannelUse> channel_uses{};
  bool default_seen = false;
  std::vector<RulePlace> rule_places{};  // one for each rule of `settings`
  std::map<std::string, Runbook> runbooks{};
  std::vector<RunbookUse> runbook_uses{};
};

/// Whose file is read. In tocsin.yaml it has no name.
struct Team {
  std::string name;
  std::string channel;
  bool channel_seen = false;  // it is written, if perhaps wrongly
};

void read_server(const Value& value, Draft& draft);
void read_journal(const Value& value, Draft& draft);
void read_integrations(const Value& value, Draft& draft);
void read_channels(const Value& value, Draft& draft);
void read_people(const Value& value, Draft& draft);
void read_default(const Value& value, Draft& draft);
void read_policies(const Value& value, const std::string& team, Draft& draft);
void read_rules(const Value& value, const Team& team, Draft& draft);
/// Page, suppress or advise, of the rule that is the next of `draft`.
void read_outcome(const Section& section, const Team& team, rules::Rule& rule, Draft& draft);
void read_runbooks(const Value& value, Draft& draft);

/// Notes of each rule that no alert can reach, whatever stands in the way.
void note_rules_never_reached(Draft& draft);

/// One of the known words; those of a later version get their own answer. `noun` such as "source".
std::optional<std::string> read_choice(const Value& value, std::string_view noun,
                                       const std::vector<std::string>& known,
                                       const std::vector<std::string_view>& later = {});
std::optional<Severity> read_severity(const Value& value);
/// A key, token or secret: long enough and fit for a header, or a fault that does not show it.
std::optional<Text> read_secret(const Value& value);

/// A page's address, http or https, or a fault.
std::optional<std::string> read_link(const Value& value);
/// Without blanks, quotes and characters outside ASCII.
bool is_web_address(std::string_view text);

/// Shorter ones can be guessed over the network.
inline constexpr std::size_t kLeastSecretBytes = 16;
inline constexpr std::size_t kMostSecretBytes = 1024;
inline constexpr Duration kLeastStepWait = std::chrono::seconds(1);
inline constexpr Duration kMostStepWait = std::chrono::hours(24 * 7);
inline constexpr Duration kLeastAfter = std::chrono::seconds(1);
inline constexpr Duration kMostAfter = std::chrono::hours(24);
inline constexpr Duration kLeastResolveAfter = std::chrono::minutes(1);
inline constexpr Duration kMostResolveAfter = std::chrono::hours(24 * 30);
inline constexpr Duration kMostReopenWithin = std::chrono::hours(24);
inline constexpr std::uint32_t kMostRepeats = 100;
inline constexpr std::size_t kMostGroupBy = 64;   // labels
inline constexpr std::size_t kMostContacts = 64;  // of one person
inline constexpr std::size_t kMostTold = 64;      // channels, of one piece of advice
inline constexpr std::size_t kMostLinkBytes = 2048;

}  // namespace tocsin::settings
