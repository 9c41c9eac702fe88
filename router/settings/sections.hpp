// The sections of the configuration, each read into the draft that becomes the Settings once
// nothing is wrong.
//
// A reader goes on after a fault and defines every name it can, so that one mistake is one fault
// and not ten.
#pragma once

#include <map>
#include <set>
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

/// Which rule wants a hook, and where it says for how long the page is held.
struct RemedyUse {
  std::size_t rule;  // its number in Settings
  Place place;
};

/// What a GameDay set says of the other sections.
struct DrillUse {
  std::string set;
  Place place;
  bool copies = false;            // written, if perhaps wrongly
  std::string policy;             // the one that it can page; empty: wrong, which is told
  Place page;                     // where that is said
  std::vector<ChannelUse> rooms;  // where its rules' channels go
  bool apart = true;              // it may not reach people by way of production
};

/// Where a rota of Settings stands, and what it is made of.
struct RotaPlace {
  Place rota;
  std::vector<Place> layers;     // one for each
  std::vector<Place> overrides;  // one for each
};

struct Draft {
  const Vocabulary& vocabulary;
  Report report{};
  Names names{};
  Settings settings{};
  std::map<std::string, std::string> key_owners{};  // key → its integration
  std::vector<ChannelUse> channel_uses{};
  bool default_seen = false;
  std::vector<RulePlace> rule_places{};                      // one for each rule of `settings`
  std::map<std::string, RotaPlace> rota_places{};            // by name
  std::map<std::string, Place> policy_places{};              // by name
  std::map<std::string, std::vector<Place>> leave_places{};  // by person, one for each leave
  std::set<std::string> rotas_paged{};                       // by a step of any policy
  Place default_page{};                                      // where the default policy is named
  std::map<std::string, Runbook> runbooks{};
  std::vector<RunbookUse> runbook_uses{};
  std::vector<RemedyUse> remedy_uses{};
  std::vector<DrillUse> drills{};                   // one for each set, also those that are wrong
  std::set<std::string> tags_admitted{};            // sets that an integration lists
  bool secret_seen = false, node_url_seen = false;  // of the server; they are written
  std::optional<Place> kafka{};                     // where the journal says that it is Kafka
  std::optional<WallTime> now{};                    // as Environment has it
};

/// Whose file is read. In tocsin.yaml it has no name.
struct Team {
  std::string name;
  std::string channel;
  bool channel_seen = false;  // it is written, if perhaps wrongly
};

void read_server(const Value& value, Draft& draft);
void read_journal(const Value& value, Draft& draft);
void read_store(const Value& value, Draft& draft);
/// redis://[user:password@]host[:port][/database], or a fault that does not show it.
void read_redis_url(const Value& value, RedisAddress& address);
void read_integrations(const Value& value, Draft& draft);
void read_channels(const Value& value, Draft& draft);
void read_people(const Value& value, Draft& draft);
/// Zone, leave, quiet hours and limit of a person, whose name is known.
void read_availability(const Section& section, oncall::Person& person, Draft& draft);
void read_default(const Value& value, Draft& draft);
void read_rotas(const Value& value, const std::string& team, Draft& draft);
/// Of a layer whose clocks show the time of this zone; with notes of what is odd about it.
oncall::Rotation read_rotation(const Value& value, const Zone& zone, Draft& draft);
/// Of a layer that says nothing of it.
oncall::Rotation default_rotation();
void read_policies(const Value& value, const std::string& team, Draft& draft);
void read_rules(const Value& value, const Team& team, Draft& draft);
/// Page, suppress or advise, and what belongs to a page, of the rule that is the next of `draft`.
void read_outcome(const Section& section, const Team& team, rules::Rule& rule, Draft& draft);
/// Of the rule that is the next of `draft`; nothing without a hook, which is told.
std::optional<Remedy> read_remediate(const Value& value, Draft& draft);
void read_hooks(const Value& value, Draft& draft);
/// Each rule's remedy gets the limit of its hook, which may be defined in a later file.
void fill_in_hooks(Draft& draft);
void read_windows(const Value& value, const Team& team, Draft& draft);
void read_runbooks(const Value& value, Draft& draft);
void read_gamedays(const Value& value, const Team& team, Draft& draft);

/// What a cluster needs of the other sections, once they are all read.
void check_cluster(Draft& draft);

/// A fault if the default policy would page nobody at some time, or for some severity; notes of
/// others like it, which leave it to the default policy.
void check_policies(Draft& draft);
/// Notes of rotas, layers and overrides that do nothing, and of overrides to people who are away.
void note_odd_rotas(Draft& draft);

/// A fault wherever a GameDay set would reach people by the ways that production uses, unless it
/// says that it may.
void check_drills_apart(Draft& draft);
/// Notes of sets that nothing feeds, and of rules that ask for the tag, which they never see.
void note_odd_drills(Draft& draft);

/// Notes of each rule that no alert can reach, whatever stands in the way.
void note_rules_never_reached(Draft& draft);

struct Matchers {
  std::vector<rules::Matcher> all;
  std::vector<Place> places;  // one for each of `all`
  bool whole = true;          // every one that is written could be read
};
Matchers read_matchers(const Value& value);

using ConnectorFields = std::vector<connectors::Field>;
using ConnectorTypes = std::map<std::string, const ConnectorFields*>;
/// How a kind of connector is spoken of.
struct ConnectorWords {
  Noun noun;
  std::string_view where;  // such as "channels"
  std::string_view type_noun;
  std::string_view why_a_name, why_a_type;  // remedies where one is missing
  const Keys& keys;                         // beside the fields of its type
  const std::vector<std::string_view>& later;
};
struct Connector {
  std::string type;
  connectors::Values values;
};
/// Nothing without a type, whose keys cannot be told from slips then.
std::optional<Connector> read_connector(const Value& value, const ConnectorWords& words,
                                        const ConnectorTypes& types, Draft& draft);

/// The keys that an integration's source has of its own. A nested map is read whatever its keys:
/// "map.labels.service".
void read_source_fields(const Section& section, const ConnectorFields& fields,
                        connectors::Values& into, Draft& draft);

/// One of the known words; those of a later version get their own answer. `noun` such as "source".
std::optional<std::string> read_choice(const Value& value, std::string_view noun,
                                       const std::vector<std::string>& known,
                                       const std::vector<std::string_view>& later = {});
std::optional<Severity> read_severity(const Value& value);
/// A list of them, each once and at least one.
std::optional<std::vector<Severity>> read_severities(const Value& value);

/// "09:30" as a minute of the day, to 1440 for "24:00".
std::optional<int> minute_of_day(std::string_view text);
std::optional<Zone> read_zone(const Value& value);
/// False if what is written is wrong, which is told.
bool read_days(const Value& value, Schedule& schedule);
bool read_hours(const Value& value, Schedule& schedule);
/// Both of a section, where they are written.
bool read_days_and_hours(const Section& section, Schedule& schedule);
/// A map with days and hours, or a list of such.
std::vector<Schedule> read_schedules(const Value& value, const Keys& keys, const Zone& zone);
/// Where clocks show a time twice, a beginning is the first and an end the last.
enum class Edge { begin, end };
/// "2026-12-24T10:00" in the zone, or with an offset; without a zone only that.
std::optional<WallTime> read_moment(const Value& value, const Zone* zone, Edge edge);
struct Period {
  WallTime from{}, until{};
};
/// `from` and `until`, which are required.
std::optional<Period> read_period(const Section& section, const Zone* zone,
                                  std::string_view why_from, std::string_view why_until);
/// Somebody's words; empty if they are wrong, which is told.
std::string read_why(const Value& value);

/// A key, token or secret: long enough and fit for a header, or a fault that does not show it.
std::optional<Text> read_secret(const Value& value);

/// A page's address, http or https, or a fault.
std::optional<std::string> read_link(const Value& value);
/// Without blanks, quotes and characters outside ASCII.
bool is_web_address(std::string_view text);
/// HOST:PORT, the host a name, an IPv4 address or an IPv6 address in brackets; port 0 is any that
/// is free.
bool is_host_and_port(std::string_view text);
/// A file or directory of tocsin's own below --data, where nothing else is kept, or a fault that
/// shows the example; without a slash at its end.
void read_path_below_data(const Value& value, const std::string& example, std::string& path);

/// Shorter ones can be guessed over the network.
inline constexpr std::size_t kLeastSecretBytes = 16;
inline constexpr std::size_t kMostSecretBytes = 1024;
inline constexpr Duration kLeastStepWait = std::chrono::seconds(1);
inline constexpr Duration kMostStepWait = std::chrono::hours(24 * 7);
inline constexpr Duration kLeastAcknowledgementTimeout = std::chrono::minutes(1);
inline constexpr Duration kMostAcknowledgementTimeout = std::chrono::hours(24 * 7);
inline constexpr std::size_t kMostRotas = 20'000;  // in all files
inline constexpr std::size_t kMostLayers = 20;
inline constexpr std::size_t kMostInLayer = 200;  // people
inline constexpr std::size_t kMostShiftLengths = 100;
inline constexpr std::size_t kMostOverrides = 1000;  // of one rota
inline constexpr std::size_t kMostSchedules = 20;    // of one layer, or one person's quiet hours
inline constexpr std::size_t kMostLeaves = 200;      // of one person
inline constexpr std::uint32_t kMostPages = 1000;
inline constexpr Duration kLeastPagesPer = std::chrono::minutes(1);
inline constexpr Duration kMostPagesPer = std::chrono::hours(24 * 7);
inline constexpr std::size_t kMostWhyBytes = 4u << 10;
inline constexpr Duration kLeastAfter = std::chrono::seconds(1);
inline constexpr Duration kMostAfter = std::chrono::hours(24);
inline constexpr Duration kLeastRemedyWait = std::chrono::seconds(1);
inline constexpr Duration kMostRemedyWait = std::chrono::hours(1);
inline constexpr std::uint32_t kMostHookRuns = 1000;
inline constexpr Duration kLeastHookPer = std::chrono::minutes(1);
inline constexpr Duration kMostHookPer = std::chrono::hours(24 * 7);
inline constexpr Duration kLeastHookTimeout = std::chrono::seconds(1);
inline constexpr Duration kMostHookTimeout = std::chrono::seconds(50);
inline constexpr Duration kLeastRetention = std::chrono::hours(24);
inline constexpr Duration kMostRetention = std::chrono::hours(24 * 3653);  // ten years
inline constexpr std::size_t kMostBrokers = 64;
inline constexpr std::uint32_t kMostPartitions = 1024;
inline constexpr std::uint32_t kMostReplication = 15;
inline constexpr std::size_t kMostTopicBytes = 249;  // Kafka's own limit
inline constexpr std::size_t kMostProperties = 200;
/// A sender that gives up after ten seconds, as Prometheus does, must have its answer by then.
inline constexpr Duration kLeastPatience = std::chrono::milliseconds(100);
inline constexpr Duration kMostPatience = std::chrono::seconds(8);
inline constexpr Duration kLeastIslandAfter = std::chrono::seconds(1);
inline constexpr Duration kMostIslandAfter = std::chrono::hours(1);
inline constexpr std::size_t kMostWindows = 1000;
inline constexpr std::size_t kMostGamedays = 1000;
inline constexpr std::size_t kMostHeartbeats = 1000;  // of one integration
inline constexpr Duration kLeastHeartbeat = std::chrono::seconds(10);
inline constexpr Duration kMostHeartbeat = std::chrono::hours(24 * 31);
inline constexpr std::size_t kMostCopiesMatchers = 64;
inline constexpr std::size_t kMostSeenAs = 16;  // labels
inline constexpr Duration kLeastLongest = std::chrono::minutes(1);
inline constexpr Duration kLeastResolveAfter = std::chrono::minutes(1);
inline constexpr Duration kMostResolveAfter = std::chrono::hours(24 * 30);
inline constexpr Duration kMostReopenWithin = std::chrono::hours(24);
inline constexpr std::uint32_t kMostRepeats = 100;
/// An incident has its policy by value, and the default policy's: both must fit into a record.
inline constexpr std::size_t kMostSteps = 100;
inline constexpr std::size_t kMostTargets = 100;  // of a step
inline constexpr std::size_t kMostGroupBy = 64;   // labels
inline constexpr std::size_t kMostContacts = 64;  // of one person
inline constexpr std::size_t kMostTold = 64;      // channels, of one piece of advice
inline constexpr std::size_t kMostLinkBytes = 2048;
inline constexpr std::uint32_t kMostRedisDatabase = 65535;
inline constexpr std::size_t kMostStorePrefixBytes = 64;

}  // namespace tocsin::settings
