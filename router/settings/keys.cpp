#include "router/settings/keys.hpp"

#include <array>

namespace tocsin::settings {

namespace {

constexpr Keys::Answer kSilences{
    "silences",
    "silences are made while tocsin runs, by `tocsin silence` or POST /api/v1/silences; what is "
    "planned in the configuration is written under windows:"};

constexpr Keys::Answer kTheirZone{
    "time_zone", "stands one level up, beside what these days and hours belong to; move it there"};

}  // namespace

const Keys kServiceFile{
    "",
    {"server", "journal", "store", "integrations", "channels", "people", "default", "rotas",
     "policies", "rules", "hooks", "windows", "runbooks", "gamedays"},
    {},
    {"team", "channel"},
    "belongs in a team's file; move it to teams/NAME.yaml",
    {kSilences}};
const Keys kTeamFile{
    "",
    {"team", "channel", "rotas", "policies", "rules", "hooks", "windows", "runbooks", "gamedays"},
    {},
    {"server", "journal", "store", "integrations", "channels", "people", "default"},
    "belongs in tocsin.yaml; move it there",
    {kSilences}};
const Keys kServer{"server", {"listen", "external_url", "node_url", "secret", "tokens"}, {}};
const Keys kToken{"server.tokens[]", {"name", "role", "token"}, {}};
const Keys kSqliteJournal{
    "journal",
    {"type", "path", "retention"},
    {},
    {"brokers", "topic", "partitions", "replication", "patience", "island_after", "properties"},
    "is a key of Kafka's; write type: kafka, or remove it"};
const Keys kKafkaJournal{"journal",
                         {"type", "brokers", "topic", "partitions", "replication", "retention",
                          "patience", "island_after", "properties"},
                         {},
                         {"path"},
                         "is a key of the embedded journal's; remove it, or write type: sqlite"};
const Keys kStore{"store", {"type", "path", "url", "prefix"}, {}};
const Keys kIntegration{"integrations[]",
                        {"name", "source", "key", "keys", "labels", "group_by", "severities",
                         "resolve_after", "reopen_within", "limit", "gamedays", "heartbeats"},
                        {"spread_by"},
                        {"map"},
                        "is read by the sources generic and cloudevents; say source: generic, or "
                        "remove it"};
const Keys kHeartbeat{
    "integrations[].heartbeats[]", {"name", "within", "severity", "matchers"}, {}};
const Keys kChannel{"channels[]", {"name", "type"}, {}};
const Keys kPerson{
    "people[]",
    {"name", "contacts", "notify", "time_zone", "leave", "quiet_hours", "limit", "notices"},
    {}};
const Keys kNotify{"people[].notify[]", {"channel", "after", "severity"}, {}};
const Keys kLeave{"people[].leave[]", {"from", "until", "why"}, {}};
const Keys kQuietHours{"people[].quiet_hours", {"days", "hours"}, {}, {}, {}, {kTheirZone}};
const Keys kPageLimit{"people[].limit", {"pages", "per"}, {}};
const Keys kDefault{"default", {"page"}, {}};
const Keys kRota{"rotas[]",
                 {"name", "time_zone", "people", "rotation", "only", "layers", "overrides"},
                 {},
                 {"every", "handover", "start"},
                 "belongs in rotation; write rotation: {every: 1w, handover: \"Monday 10:00\"}"};
const Keys kRotation{"rotas[].rotation", {"every", "handover", "start"}, {}};
const Keys kOnly{"rotas[].only", {"days", "hours"}, {}, {}, {}, {kTheirZone}};
const Keys kLayer{"rotas[].layers[]",
                  {"people", "rotation", "only", "time_zone"},
                  {},
                  {"every", "handover", "start"},
                  "belongs in rotation; write rotation: {every: 1w, handover: \"Monday 10:00\"}"};
const Keys kOverride{"rotas[].overrides[]", {"person", "from", "until", "why"}, {}};
const Keys kPolicy{"policies[]", {"name", "steps", "repeat", "acknowledgement_timeout"}, {}};
const Keys kStep{"policies[].steps[]", {"page", "wait", "only", "round_robin", "acknowledge"}, {}};
const Keys kStepOnly{"policies[].steps[].only", {"severity", "days", "hours", "time_zone"}, {}};
const Keys kTarget{"policies[].steps[].page[]", {"person", "rota", "channel"}, {}};
const Keys kRule{"rules[]",
                 {"name", "matchers", "severity", "impact", "page", "suppress", "advise", "runbook",
                  "after", "remediate", "continue"},
                 {}};
const Keys kAdvise{"rules[].advise", {"manual", "tell"}, {}};
const Keys kTold{"rules[].advise.tell[]", {"channel"}, {}};
const Keys kRemediate{"rules[].remediate", {"hook", "mode", "wait"}, {}};
const Keys kHook{"hooks[]", {"name", "type", "limit", "timeout", "gameday"}, {}};
const Keys kHookLimit{"hooks[].limit", {"runs", "per"}, {}};
const Keys kWindow{
    "windows[]", {"name", "matchers", "why", "time_zone", "from", "until", "days", "hours"}, {}};
const Keys kRunbook{"runbooks[]", {"name", "title", "url"}, {"file"}};
const Keys kGameday{
    "gamedays[]",
    {"name", "copies", "as", "page", "channels", "may_page_production", "stop_if", "longest"},
    {}};
const Keys kStopIf{"gamedays[].stop_if", {"severity"}, {}};

const std::vector<std::string_view> kLaterSources{};
const std::vector<std::string_view> kLaterChannelTypes{};
const std::vector<std::string_view> kLaterHookTypes{"awx",     "github",     "gitlab", "jenkins",
                                                    "rundeck", "stackstorm", "webhook"};

std::span<const Keys* const> all_keys() {
  static const std::array<const Keys*, 35> kAll{
      &kHeartbeat,    &kServiceFile, &kTeamFile,    &kServer,  &kToken,     &kSqliteJournal,
      &kKafkaJournal, &kStore,       &kIntegration, &kChannel, &kPerson,    &kNotify,
      &kLeave,        &kQuietHours,  &kPageLimit,   &kDefault, &kRota,      &kRotation,
      &kOnly,         &kLayer,       &kOverride,    &kPolicy,  &kStep,      &kStepOnly,
      &kTarget,       &kRule,        &kAdvise,      &kTold,    &kRemediate, &kHook,
      &kHookLimit,    &kWindow,      &kRunbook,     &kGameday, &kStopIf};
  return kAll;
}

}  // namespace tocsin::settings
