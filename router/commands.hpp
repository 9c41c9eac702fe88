// The command line's commands. Each returns its exit code: 0 done, 1 the answer is no, 2 wrong use.
#pragma once

#include <string>
#include <vector>

#include "router/server_call.hpp"
#include "router/service.hpp"

namespace tocsin::commands {

struct CheckOptions {
  std::string config;
  bool strict_env = false;
  bool json = false;
  std::string coverage;  // for how long somebody must be paged at any time; empty: not asked
  std::string from;      // coverage: from when on, RFC 3339; empty: now
  std::string server;    // coverage: which contacts work; empty: all are taken to
  std::string token;     // for that
  bool strict = false;   // a contact works only if its person has confirmed it
};
struct SendOptions {
  std::string server;
  std::string integration;
  std::string key;
  std::string file;  // "-": standard input
};

struct ExplainOptions {
  std::string config;
  std::string integration;
  std::string at;                     // RFC 3339; empty: now
  std::vector<std::string> gamedays;  // "SET=on"
  bool json = false;
  std::string file;  // "-": standard input
};

struct TestOptions {
  std::string config;
  bool json = false;
};

struct OncallOptions {
  std::string config;
  std::string at;  // with an offset, or in each rota's own zone; empty: now
  int days = 0;    // from then on; 0: only that moment
  bool json = false;
  std::vector<std::string> rotas;  // none: all
};

struct SilenceOptions {
  ServerOptions at;
  std::string what;  // list, add or end
  std::string state = "active,pending";
  std::vector<std::string> matchers;
  std::string length, until, from, why;
  std::string id;
};

struct IncidentOptions {
  ServerOptions at;
  // list, show, report, ack, resolve, note, snooze, escalate, assign, approve or reject
  std::string what;
  std::string state = "open,acknowledged";
  std::string team, severity, cursor;
  std::string limit = "100";
  std::vector<std::string>
      which;         // an id's beginning, or matchers; then a text, a person or a hook
  std::string text;  // snooze, escalate, assign: why
  std::string length;
  std::string title, description, service, impact;  // report; with severity
};

struct OverrideOptions {
  ServerOptions at;
  std::string what;  // add, list or end
  std::string rota, person;
  std::string from, until, length, why;
  std::string state = "active,pending";
  std::string id;  // any unique beginning
};

/// Contacts of a person, tested.
struct ContactOptions {
  ServerOptions at;
  std::string what;  // test or list
  std::string person;
  std::string wait = "5m";  // for the answers
};

struct CloneOptions {
  std::vector<std::string> rules;  // files
  std::string set;
  std::string config;                  // empty: what is retargeted is said by `retargets` alone
  std::vector<std::string> retargets;  // LABEL=VALUE
  std::vector<std::string> labels;     // NAME=VALUE
  std::string out;                     // empty: standard output
  std::string promtool;                // empty: the one in PATH, if there is one
  bool check = false;
  bool unedited = false;
};

struct GamedayOptions {
  ServerOptions at;
  std::string what;  // list, status, on, off, report, lever or clone
  std::string set;
  bool all = false;  // off: every set
  std::string length, from, why;
  std::string last;           // report: of how many runs
  std::string lever;          // pull, release or status
  std::string data = "data";  // lever: the node's directory
  CloneOptions clone;
};

/// Serves until SIGTERM or SIGINT; SIGHUP reloads.
int serve(const ServeOptions& options);
int check(const CheckOptions& options);
/// What would happen to a payload; stores and sends nothing.
int explain(const ExplainOptions& options);
/// Runs the tests that stand beside the configuration.
int test(const TestOptions& options);
/// Who is on call, as the configuration has it.
int oncall(const OncallOptions& options);
int send(const SendOptions& options);
/// Copies of a monitor's alerting rules for a set, or whether such are still like their originals.
int clone(const CloneOptions& options);
/// These ask a running service.
int silence(const SilenceOptions& options);
int incident(const IncidentOptions& options);
int rota_override(const OverrideOptions& options);
int contact(const ContactOptions& options);
int reload(const ServerOptions& options);
int gameday(const GamedayOptions& options);
/// Asks nobody: it works on the data directory of a node, whether that runs or not.
int lever(const GamedayOptions& options);

}  // namespace tocsin::commands
