#include "router/command_line.hpp"

#include <CLI/CLI.hpp>

namespace tocsin::commands {
namespace {

const std::string kFooter =
    "The token is one of server.tokens; put it into TOCSIN_TOKEN, as others on this machine can "
    "read a command's options.\n"
    "Exit code 0: done; 1: refused, or not confirmed; 2: wrong use.\n\nExample:\n  ";

constexpr int kMostWords = 50;

const std::vector<std::string> kSeverities{"critical", "error", "warning", "info"};

void add_server(CLI::App& command, ServerOptions& to) {
  command.add_option("--server", to.server, "Where tocsin is")
      ->envname("TOCSIN_SERVER")
      ->capture_default_str();
  command.add_option("--token", to.token, "Who asks; better in the environment")
      ->envname("TOCSIN_TOKEN");
  command.add_flag("--json", to.json, "Print the service's answer as it came");
}

/// One of the things that a command can do.
template <class Options>
CLI::App* add_verb(CLI::App& command, Options& options, const std::string& verb,
                   const std::string& what, const std::string& example) {
  CLI::App* const added = command.add_subcommand(verb, what);
  added->footer(kFooter + "tocsin " + command.get_name() + " " + verb + example);
  added->callback([&options, verb] { options.what = verb; });
  add_server(*added, options.at);
  return added;
}

/// Asks no service.
void add_clone(CLI::App& gameday, GamedayOptions& options) {
  CLI::App* const command = gameday.add_subcommand(
      "clone",
      "Copies of Prometheus' alerting rules for a set: a rule file to be loaded beside "
      "the originals.");
  command->callback([&options] { options.what = "clone"; });
  CloneOptions& to = options.clone;
  command->add_option("--rules", to.rules, "The rule files, as many as there are")
      ->required()
      ->type_name("FILE...");
  command->add_option("--set", to.set, "The GameDay set: the copies' label gameday")->required();
  command->add_option(
      "--config", to.config,
      "Directory with tocsin.yaml and teams/*.yaml: the set's `as` and `copies` say "
      "what its copies look at");
  command
      ->add_option("--retarget", to.retargets,
                   "LABEL=VALUE: in every selector, so that the copies look there; wins over "
                   "--config; may be repeated")
      ->allow_extra_args(false);
  command
      ->add_option("--label", to.labels,
                   "NAME=VALUE: a further label of the copies; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--out", to.out, "Where to write them; default: standard output");
  command->add_option("--promtool", to.promtool,
                      "Prometheus' promtool, which edits the selectors; default: that of PATH");
  command->add_flag("--unedited", to.unedited,
                    "Expressions that stay as they are, for want of a promtool or of --retarget, "
                    "are meant to");
  command->add_flag("--check", to.check,
                    "Write nothing: tell which originals were edited, are gone or are new since "
                    "--out was written");
  command->footer(
      "Recording rules, and rules that have a label gameday, are left out.\n"
      "Exit code 0: written, or with --check: each copy is like its original; 1: a selector has to "
      "be edited by hand, a file has faults, or there is a difference; 2: wrong use.\n\n"
      "Example:\n"
      "  tocsin gameday clone --rules rules/*.yml --set cdp-staging --retarget "
      "environment=staging --label environment=staging --out rules/cdp-staging.yml\n"
      "  tocsin gameday clone --rules rules/*.yml --set cdp-staging --out rules/cdp-staging.yml "
      "--check");
}

void add_lever(CLI::App& gameday, GamedayOptions& options) {
  CLI::App* const command = gameday.add_subcommand(
      "lever", "Stop every drill of one node, whatever is away: a file in its data directory.");
  command->require_subcommand(1);
  for (const auto& [verb, what] :
       {std::pair("pull", "Nothing of a drill leaves the node, and no set can be turned on."),
        std::pair("release", "Sets can be turned on again; none is by itself."),
        std::pair("status", "Whether it is pulled, by whom, since when and why.")}) {
    CLI::App* const added = command->add_subcommand(verb, what);
    added->callback([&options, verb = std::string(verb)] {
      options.what = "lever";
      options.lever = verb;
    });
    added->add_option("--data", options.data, "The directory of the node's `serve --data`")
        ->capture_default_str();
    added->add_flag("--json", options.at.json, "Print the result as JSON");
    if (verb == std::string_view("pull"))
      added->add_option("--why", options.why, "For everybody who wonders");
    added->footer(
        "It needs neither a running service nor a journal. A service that runs notices within a "
        "second, and ends every set for the whole cluster as soon as the journal takes it.\n"
        "Exit code 0: done; 1: it could not be; 2: wrong use.\n\nExample:\n  tocsin gameday "
        "lever " +
        std::string(verb) + " --data /var/lib/tocsin");
  }
}

}  // namespace

void add_silence(CLI::App& app, SilenceOptions& options) {
  CLI::App* const command =
      app.add_subcommand("silence", "Silences of a running tocsin: listed, set and ended.");
  command->require_subcommand(1);
  const std::string example = R"( --for 2h --why "deploying" 'service="api"' 'env=~"prod.*"')";
  command->footer(kFooter + "tocsin silence add" + example);

  auto* const list = add_verb(*command, options, "list", "What is silenced, by whom, until when.",
                              " --state active,pending,ended");
  list->add_option("--state", options.state, "Of active, pending, ended: with commas between")
      ->capture_default_str();

  auto* const add =
      add_verb(*command, options, "add", "Set a silence, or change one with --id.", example);
  add->add_option("--for", options.length, "How long, e.g. 2h; at most a year");
  add->add_option("--until", options.until, "Until when instead, RFC 3339");
  add->add_option("--from", options.from, "From when, RFC 3339; default: now");
  add->add_option("--why", options.why, "Why, for everybody who wonders; needed for a new one");
  add->add_option("--id", options.id, "The silence to change: what is left out stays as it is");
  add->add_option("MATCHER", options.matchers,
                  "In Alertmanager's syntax; an alert that all of them match is silenced");

  auto* const end = add_verb(*command, options, "end", "End a silence now.", " 7zq4m2k9w1x3c5v8");
  end->add_option("ID", options.id, "Its id, as `list` shows it")->required();
}

void add_incident(CLI::App& app, IncidentOptions& options) {
  CLI::App* const command = app.add_subcommand(
      "incident", "Incidents of a running tocsin: listed, shown, acknowledged, resolved, …");
  command->require_subcommand(1);
  command->footer(kFooter + "tocsin incident ack k7q2");

  auto* const list = add_verb(*command, options, "list", "Incidents, newest first.",
                              " --state open --severity critical");
  list->add_option("--state", options.state,
                   "Of open, acknowledged, resolved: with commas between; or all")
      ->capture_default_str();
  list->add_option("--team", options.team, "Of this team");
  list->add_option("--severity", options.severity, "Of this severity")
      ->check(CLI::IsMember(kSeverities));
  list->add_option("--limit", options.limit, "How many at the most, up to 1000")
      ->capture_default_str();
  list->add_option("--cursor", options.cursor, "The page after, as the page before says");

  list->add_option("MATCHER", options.which,
                   "In Alertmanager's syntax: those with an alert that all of them match");

  auto* const report = add_verb(
      *command, options, "report", "Report an incident by hand: somebody is paged by the rules.",
      R"( "Checkout is broken" --service shop --severity critical --impact "Customers cannot pay")");
  report->add_option("TITLE", options.title, "What is wrong, in a few words")->required();
  report->add_option("--service", options.service, "Of which service; the rules ask for it");
  report->add_option("--severity", options.severity, "Default: error")
      ->check(CLI::IsMember(kSeverities));
  report->add_option("--impact", options.impact, "What it means for others");
  report->add_option("--description", options.description, "What is known of it");

  // `last`: what else has to be said, after which incidents are meant.
  const auto add_some = [&](const char* verb, const char* what, const std::string& example,
                            const std::string& last = {}) {
    auto* const added = add_verb(*command, options, verb, what, " k7q2" + example);
    added
        ->add_option(last.empty() ? "ID" : "ID_" + last, options.which,
                     "Any unique beginning of the incident's id; or matchers in Alertmanager's "
                     "syntax, for every incident that is not resolved and has such an alert" +
                         (last.empty() ? "" : "; then " + last))
        ->type_name(last.empty() ? "| MATCHER..." : "| MATCHER... " + last)
        ->expected(last.empty() ? 1 : 2, kMostWords)
        ->required();
    return added;
  };
  add_some("show", "One incident, with its timeline.", "");
  add_some("ack", "Acknowledge: it pages nobody any more.", "");
  add_some("resolve", "It is over.", "");
  add_some("note", "Add words to its timeline.", R"( "the disk is on its way")", "TEXT");
  auto* const snooze = add_some("snooze", "Acknowledge for a while; then it pages again.",
                                R"( --for 2h --why "wait for the vendor")");
  snooze->add_option("--for", options.length, "From 1m to 7d")->required();
  snooze->add_option("--why", options.text, "For the timeline");
  add_some("escalate", "Page the next step now, whoever has it in hand.", R"( --why "no idea")")
      ->add_option("--why", options.text, "For the timeline");
  auto* const assign =
      add_some("assign", "Page this person now.", R"( grace --why "her database")", "PERSON");
  assign->add_option("--why", options.text, "For the timeline");
  for (const auto& [verb, what] : {std::pair("approve", "Run the hook that can mend it."),
                                   std::pair("reject", "Do not run its hook.")})
    add_some(verb, what, " restart-api", "HOOK");
}

void add_gameday(CLI::App& app, GamedayOptions& options) {
  CLI::App* const command = app.add_subcommand(
      "gameday",
      "GameDay sets: turned on and off, looked at, reported, and cloned at the monitor.");
  command->require_subcommand(1);
  command->footer(kFooter +
                  "tocsin gameday on cdp-staging --for 2h --why \"region outage, run 2\"");

  add_verb(*command, options, "list", "All sets, and which are on.", "");
  const auto add_one = [&](const char* verb, const char* what, const std::string& example) {
    auto* const added = add_verb(*command, options, verb, what, " cdp-staging" + example);
    added->add_option("SET", options.set, "The set's name")->required();
    return added;
  };
  add_one("status", "One set, its runs, and the incidents of the last one.", "");
  auto* const on = add_one("on", "Turn a set on, or change the end of one that is on.",
                           R"( --for 2h --why "region outage, run 2")");
  on->add_option("--for", options.length, "How long, e.g. 2h; default: the set's longest");
  on->add_option("--at", options.from, "From when, RFC 3339; default: now");
  on->add_option("--why", options.why, "For everybody who wonders");
  auto* const off = add_verb(*command, options, "off", "Turn a set off, or all of them.",
                             R"( cdp-staging --why "it is restored")");
  auto* const set = off->add_option("SET", options.set, "The set's name");
  off->add_flag("--all", options.all, "Every set")->excludes(set);
  off->add_option("--why", options.why, "For everybody who wonders");
  add_one("report", "What its runs showed, in Markdown: how long everything took.", " --last 2")
      ->add_option("--last", options.last, "Of how many runs; default: 5");
  add_lever(*command, options);
  add_clone(*command, options);
}

void add_override(CLI::App& app, OverrideOptions& options) {
  CLI::App* const command = app.add_subcommand(
      "override", "Somebody is on call instead: overrides of rotas, made, listed and ended.");
  command->require_subcommand(1);
  const std::string example = R"( cdp-primary grace --for 8h --why "ada is ill")";
  command->footer(kFooter + "tocsin override add" + example);

  auto* const add = add_verb(*command, options, "add", "Put somebody on call instead.", example);
  add->add_option("ROTA", options.rota, "The rota's name")->required();
  add->add_option("PERSON", options.person, "Who is on call instead")->required();
  add->add_option("--for", options.length, "How long, e.g. 8h; at most 92d");
  add->add_option("--until", options.until,
                  "Until when instead: 2026-12-24T08:00 in the rota's time zone, or RFC 3339");
  add->add_option("--from", options.from, "From when, likewise; default: now");
  add->add_option("--why", options.why, "For everybody who wonders");

  auto* const list =
      add_verb(*command, options, "list", "Who is on call instead of whom, and when.",
               " cdp-primary --state active,pending,ended");
  list->add_option("ROTA", options.rota, "Of this rota; default: of all");
  list->add_option("--state", options.state, "Of active, pending, ended: with commas between")
      ->capture_default_str();

  auto* const end =
      add_verb(*command, options, "end", "End an override now: the rota goes on.", " 7zq4");
  end->add_option("ID", options.id, "Any unique beginning of its id, as `list` shows it")
      ->required();
}

void add_contact(CLI::App& app, ContactOptions& options) {
  CLI::App* const command =
      app.add_subcommand("contact", "By which ways people are reached, and whether these work.");
  command->require_subcommand(1);
  command->footer(kFooter + "tocsin contact test ada");

  auto* const test = add_verb(
      *command, options, "test",
      "Send a message to each contact of a person, and wait for the button in it to be pressed.",
      " ada");
  test->add_option("PERSON", options.person, "Whose contacts")->required();
  test->add_option("--wait", options.wait, "How long to wait for the answers")
      ->capture_default_str();
  auto* const list =
      add_verb(*command, options, "list", "Everybody's contacts, and which are known to work.", "");
  list->add_option("PERSON", options.person, "Of this person; default: of all");
}

void add_reload(CLI::App& app, ServerOptions& options) {
  CLI::App* const command = app.add_subcommand(
      "reload", "Let a running tocsin read its configuration again: all of it, or nothing.");
  command->footer("It needs a token of the role admin.\n" + kFooter +
                  "tocsin reload --server http://127.0.0.1:8321");
  add_server(*command, options);
}

}  // namespace tocsin::commands
