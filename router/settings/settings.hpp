// The configuration as validated values: what the rest of tocsin may rely on.
//
// A Settings exists only if every file, key, type, reference and pattern in it is right; otherwise
// there are Faults, all of them at once, each as file:line:column: key: what is wrong; remedy.
// Reads files and the environment through the functions given, so that tests need neither.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/spec.hpp"
#include "router/core/policy.hpp"
#include "router/core/rate.hpp"
#include "router/core/result.hpp"
#include "router/gameday/set.hpp"
#include "router/oncall/directory.hpp"
#include "router/oncall/rota.hpp"
#include "rules/rule.hpp"
#include "rules/window.hpp"

namespace tocsin::settings {

enum class Role : std::uint8_t { viewer, responder, admin };

struct Token {
  std::string name;
  Role role = Role::viewer;
  std::string token;
};

struct Server {
  std::string listen = "127.0.0.1:8321";
  std::string external_url = "http://localhost:8321";  // without a trailing slash
  std::string node_url;                                // the same of this node alone; may be empty
  std::string secret;                                  // empty: made once and kept under --data
  std::vector<Token> tokens;
};

/// The journal of a cluster, of which each node has its own connection.
struct KafkaSettings {
  std::vector<std::string> brokers;  // HOST:PORT
  std::string topic = "tocsin";
  std::uint16_t partitions = 16;                       // fixed when the topic is made
  std::uint16_t replication = 0;                       // of a topic made here; 0: as many as fit
  Duration patience = std::chrono::seconds(2);         // for one append; then the node's own spool
  Duration island_after = std::chrono::seconds(15);    // then it is decided from the spool
  std::map<std::string, std::string> properties = {};  // librdkafka's own; may hold secrets

  bool operator==(const KafkaSettings&) const = default;
};

struct JournalSettings {
  std::string type = "sqlite";   // or kafka
  std::string path = "journal";  // of sqlite, below --data
  KafkaSettings kafka = {};      // of kafka
  Duration retention = std::chrono::hours(24 * 30);
};

/// Where a Redis is, and as whom to sign in there.
struct RedisAddress {
  std::string host;
  std::uint16_t port = 6379;
  std::string user;      // empty: its default user
  std::string password;  // empty: it asks for none
  std::uint32_t database = 0;

  bool operator==(const RedisAddress&) const = default;
};

struct StoreSettings {
  std::string type = "sqlite";
  std::string path = "store.db";  // sqlite: below --data
  RedisAddress redis;
  std::string prefix = "tocsin:";  // redis: all keys begin with it

  bool operator==(const StoreSettings&) const = default;
};

struct Integration {
  std::string name;
  std::string source;
  std::vector<std::string> keys;
  std::vector<std::pair<std::string, std::string>> labels;  // added where the alert does not say
  std::vector<std::string> group_by;      // the source's own, where the configuration does not say
  rules::SeverityWords severities;        // critical, error, warning and info stand for themselves
  std::optional<Duration> resolve_after;  // past its end and unheard of for so long: resolved
  std::optional<Duration> reopen_within;  // fires again so soon: the same incident
  std::optional<Rate> limit;              // of alerts, on each node
  std::vector<std::string> gamedays;      // the sets whose tag its alerts may carry
  connectors::Values values;              // of its source, secrets expanded
  struct Heartbeat {
    std::string name;
    Duration within{};                     // silence for longer is an alert …
    Severity severity = Severity::error;   // … as grave as this
    std::vector<rules::Matcher> matchers;  // alerts that are its beats; none: it is pinged by name
  };
  std::vector<Heartbeat> heartbeats = {};
};

using gameday::HookInDrill;

/// An automated fix. A rule's Remedy has its limit by value.
struct HookSettings {
  std::string type;
  connectors::Values values;             // of its type, secrets expanded
  std::uint32_t runs = 3;                // at the most …
  Duration per = std::chrono::hours(1);  // … in so long; past that, page instead
  Duration timeout = std::chrono::seconds(10);
  HookInDrill gameday = HookInDrill::never;
};

/// One thing that is wrong, or worth knowing.
struct Fault {
  std::string file;
  int line = 0;      // from 1; 0: the file as a whole
  int column = 0;    // in bytes, from 1
  std::string key;   // such as integrations[2].source
  std::string what;  // and the remedy, after a semicolon

  std::string text() const;  // file:line:column: key: what
};

struct Settings {
  Server server;
  JournalSettings journal;
  StoreSettings store;
  std::vector<Integration> integrations;
  std::map<std::string, std::string> channel_types;    // name → type
  std::map<std::string, connectors::Values> channels;  // name → its settings, secrets expanded
  std::map<std::string, HookSettings> hooks;           // by name
  oncall::Directory directory;
  oncall::Rotas rotas;
  std::map<std::string, Policy, std::less<>> policies;
  std::string default_policy;
  std::map<std::string, std::string, std::less<>> team_channels;  // of the teams that have one
  std::vector<rules::Rule> rules;                                 // in the order of files and lines
  std::vector<rules::Window> windows;
  gameday::Sets gamedays;
  std::map<std::string, Fault> connector_places;  // "channels.mail" and "hooks.restart.url" → where
                                                  // it stands, with nothing said of it yet
  std::string hash;  // of the files as written, secrets not expanded: names this configuration in
                     // the journal
};

/// What the connectors of this build are called and take; settings does not link them.
struct Vocabulary {
  struct Source {
    std::vector<std::string> group_by;
    std::vector<connectors::Field> fields = {};
  };
  struct Channel {
    std::vector<connectors::Field> fields;
    bool needs_address = false;
  };
  struct Hook {
    std::vector<connectors::Field> fields;
  };
  std::map<std::string, Source, std::less<>> sources;
  std::map<std::string, Channel, std::less<>> channels;
  std::map<std::string, Hook, std::less<>> hooks;

  /// Of one of the Kafka client's own properties.
  struct Property {
    std::string wrong;    // what, and the remedy; empty: nothing
    bool secret = false;  // its value must not be written in the file
  };
  /// Without a value, only the name is looked at.
  std::function<Property(const std::string& name, const std::optional<std::string>& value)>
      kafka_property =
          [](const std::string&, const std::optional<std::string>&) { return Property{}; };
};

struct File {
  std::string name;  // as shown in faults
  std::string text;
};

struct Environment {
  /// The value of an environment variable, if it is set.
  std::function<std::optional<std::string>(const std::string&)> variable;
  /// The content of the file that "${file:PATH}" names.
  std::function<Result<std::string>(const std::string&)> file;
  /// For notes of what begins only later; nothing: there are none. It changes no Settings.
  std::optional<WallTime> now = {};
};

struct Loaded {
  std::optional<Settings> settings;  // only without faults
  std::vector<Fault> faults;
  std::vector<Fault> notes;  // unset variables under `lenient`, …
};

enum class Unset {
  fault,
  note
};  // an unset "${NAME}": serve refuses, check notes it and goes on with a placeholder

/// The files in the order in which their rules count: tocsin.yaml first, then teams/*.yaml by name.
Loaded load(const std::vector<File>& files, const Vocabulary& vocabulary,
            const Environment& environment, Unset unset);

/// What a connector found wrong with its own settings ("channels.NAME.KEY: what"), at the place
/// where that stands.
Fault connector_fault(const Settings& settings, const std::string& message);

/// tocsin.yaml and teams/*.yaml below `directory`. Errors: invalid, naming the path and what to do.
Result<std::vector<File>> read_directory(const std::string& directory);
Environment process_environment();

inline constexpr std::size_t kMostFileBytes = 1u << 20;
inline constexpr std::size_t kMostFiles = 10'000;
inline constexpr std::size_t kMostBytes = 64u << 20;  // of all files together
inline constexpr std::size_t kMostNodes = 200'000;    // in one file
inline constexpr std::size_t kMostFaults = 200;       // shown; the rest is counted

}  // namespace tocsin::settings
