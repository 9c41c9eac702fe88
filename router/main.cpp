// The command line: what it takes, and which command does it.
#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>

#include "router/command_line.hpp"
#include "router/commands.hpp"
#include "router/offline/rota_report.hpp"

namespace {

constexpr int kWrongUse = 2;

// Promised by the documentation, and not built yet: they say so instead of "unknown command".
constexpr std::array kNotInThisVersion{"backtest"};

void add_serve(CLI::App& app, tocsin::ServeOptions& options) {
  auto* const command =
      app.add_subcommand("serve", "Run the service: take alerts in, decide, page.");
  command->add_option("--config", options.config, "Directory with tocsin.yaml and teams/*.yaml")
      ->required();
  command
      ->add_option("--data", options.data,
                   "Directory for the journal; made if missing, held by one process")
      ->capture_default_str();
  command->add_option("--listen", options.listen,
                      "HOST:PORT instead of server.listen; port 0 is a free one");
  command->add_flag("--strict", options.strict,
                    "A broken configuration never starts, even if the last good one is kept in "
                    "--data");
  command->footer(
      "SIGTERM finishes what has begun and stops; SIGHUP reloads the configuration.\n"
      "Exit code 0: stopped as asked; 1: it could not start; 2: wrong use.\n\n"
      "Example:\n  tocsin serve --config /etc/tocsin --data /var/lib/tocsin");
}

void add_check(CLI::App& app, tocsin::commands::CheckOptions& options) {
  auto* const command = app.add_subcommand(
      "check", "Validate a configuration: every error at once, with file, line and remedy.");
  command->add_option("--config", options.config, "Directory with tocsin.yaml and teams/*.yaml")
      ->required();
  command->add_flag("--strict-env", options.strict_env,
                    "An unset environment variable is an error, as in serve");
  command->add_flag("--json", options.json, "Print the result as JSON");
  auto* const coverage = command->add_option(
      "--coverage", options.coverage,
      "For so long, e.g. 90d: would every rule page a person at every moment? Lists the gaps");
  command->add_option("--from", options.from, "The coverage from then on, RFC 3339; default: now")
      ->needs(coverage);
  auto* const server =
      command
          ->add_option("--server", options.server,
                       "Ask a running tocsin which contacts work; without it all are taken to")
          ->needs(coverage);
  command->add_option("--token", options.token, "Who asks; better in the environment")
      ->envname("TOCSIN_TOKEN");
  command
      ->add_flag("--strict", options.strict,
                 "A contact works only if its person has confirmed it: tocsin contact test")
      ->needs(server);
  command->footer(
      "Overrides that were made while tocsin runs are not in the coverage. The running service "
      "knows\n"
      "them, and counts what is left as tocsin_oncall_gap.\n"
      "Exit code 0: good; 1: errors, or a gap; 2: wrong use.\n\n"
      "Example:\n  tocsin check --config config\n"
      "  tocsin check --config config --coverage 90d\n"
      "  tocsin check --config config --coverage 90d --server http://127.0.0.1:8321 --strict");
}

void add_explain(CLI::App& app, tocsin::commands::ExplainOptions& options) {
  auto* const command = app.add_subcommand(
      "explain", "What would happen to this payload: decided how, told to whom and when, and why.");
  command->add_option("--config", options.config, "Directory with tocsin.yaml and teams/*.yaml")
      ->required();
  command->add_option("--integration", options.integration, "As this integration's sender")
      ->required();
  command->add_option("--at", options.at, "The time at which it comes in, RFC 3339; default: now");
  command->add_option("--gameday", options.gamedays,
                      "SET=on: with this GameDay set on; may be given again");
  command->add_flag("--json", options.json, "Print everything as JSON");
  command->add_option("FILE", options.file, "The payload; - for standard input")->required();
  command->footer(
      "Nothing is stored, sent or asked of a running service.\n"
      "Exit code 0: explained; 1: nothing in the payload can be used, or the configuration has "
      "faults; 2: wrong use.\n\n"
      "Example:\n  tocsin explain --config config --integration prometheus-production alert.json");
}

void add_test(CLI::App& app, tocsin::commands::TestOptions& options) {
  auto* const command = app.add_subcommand(
      "test", "Run the *_test.yaml files beside a configuration: given alerts, expect decisions.");
  command->add_option("--config", options.config, "Directory with tocsin.yaml and teams/*.yaml")
      ->required();
  command->add_flag("--json", options.json, "Print the result as JSON");
  command->footer(
      "How tests are written: router/settings/README.md, \"Tests of a configuration\".\n"
      "Exit code 0: all pass, or there are none; 1: one fails, or a file has faults; 2: wrong "
      "use.\n\n"
      "Example:\n  tocsin test --config config");
}

void add_oncall(CLI::App& app, tocsin::commands::OncallOptions& options) {
  auto* const command = app.add_subcommand(
      "oncall", "Who is on call, until when and why; with days, every hand-over.");
  command->add_option("--config", options.config, "Directory with tocsin.yaml and teams/*.yaml")
      ->required();
  command->add_option(
      "--at", options.at,
      "Another time than now: 2026-12-24T10:00 in the rota's own time zone, or with "
      "an offset, RFC 3339");
  command
      ->add_option("--days", options.days, "Every hand-over and gap of so many days from then on")
      ->check(CLI::Range(1, tocsin::offline::kMostReportDays));
  command->add_flag("--json", options.json, "Print everything as JSON, times in UTC");
  command->add_option("ROTA", options.rotas, "Only these; default: all");
  command->footer(
      "It reads the configuration and asks no running service: overrides that were made there,\n"
      "which `tocsin override list` shows, are not in it.\n"
      "Exit code 0: somebody is on call; 1: at some time that was asked about nobody is, or the "
      "configuration has faults; 2: wrong use.\n\n"
      "Example:\n  tocsin oncall --config config\n"
      "  tocsin oncall --config config --at 2026-12-24T22:00 cdp-primary\n"
      "  tocsin oncall --config config --days 14 cdp-primary");
}

void add_send(CLI::App& app, tocsin::commands::SendOptions& options) {
  auto* const command =
      app.add_subcommand("send", "Post a payload as an integration's sender would.");
  command->add_option("--integration", options.integration, "The integration's name")->required();
  command->add_option("--key", options.key, "One of its keys")->required()->envname("TOCSIN_KEY");
  command->add_option("--server", options.server, "Where tocsin is")
      ->envname("TOCSIN_SERVER")
      ->capture_default_str();
  command->add_option("FILE", options.file, "The payload; - for standard input")->required();
  command->footer(
      "Exit code 0: the alerts are durable; 1: they are not; 2: wrong use.\n\n"
      "Example:\n  tocsin send --integration prometheus-production --key \"$PROMETHEUS_KEY\" "
      "alert.json");
}

// Of a word where a command is needed the library would only say that one is missing.
void say_what_is_no_command(const CLI::App& app, int argc, char** argv) {
  const CLI::App* command = &app;
  std::string words;
  for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
    const auto is_named = [&](const CLI::App* each) { return each->get_name() == argv[i]; };
    const auto any = [](const CLI::App*) { return true; };
    if (command->get_subcommands(any).empty()) return;
    words += (i > 1 ? " " : "") + std::string(argv[i]);
    const auto found = command->get_subcommands(is_named);
    if (found.empty()) {
      std::fprintf(stderr, "there is no command '%s'\n", words.c_str());
      return;
    }
    command = found.front();
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "tocsin: takes alerts in, decides what each one needs, and sees to it that it happens.",
      "tocsin");
  app.require_subcommand(1);
  app.set_version_flag("--version", TOCSIN_VERSION);
  tocsin::ServeOptions serve;
  tocsin::commands::CheckOptions check;
  tocsin::commands::ExplainOptions explain;
  tocsin::commands::TestOptions test;
  tocsin::commands::OncallOptions oncall;
  tocsin::commands::SendOptions send;
  tocsin::commands::SilenceOptions silence;
  tocsin::commands::IncidentOptions incident;
  tocsin::commands::GamedayOptions gameday;
  tocsin::commands::OverrideOptions rota_override;
  tocsin::commands::ContactOptions contact;
  tocsin::commands::ServerOptions reload;
  send.server = "http://127.0.0.1:8321";
  add_serve(app, serve);
  add_check(app, check);
  add_explain(app, explain);
  add_test(app, test);
  add_oncall(app, oncall);
  add_send(app, send);
  tocsin::commands::add_silence(app, silence);
  tocsin::commands::add_incident(app, incident);
  tocsin::commands::add_gameday(app, gameday);
  tocsin::commands::add_override(app, rota_override);
  tocsin::commands::add_contact(app, contact);
  tocsin::commands::add_reload(app, reload);
  for (const char* name : kNotInThisVersion)
    app.add_subcommand(name, "Not in this version.")
        ->prefix_command()
        ->group("Not in this version");
  app.footer("'tocsin COMMAND --help' shows a command's options and an example.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    say_what_is_no_command(app, argc, argv);
    return app.exit(error) == 0 ? 0 : kWrongUse;
  }
  if (app.got_subcommand("serve")) return tocsin::commands::serve(serve);
  if (app.got_subcommand("check")) return tocsin::commands::check(check);
  if (app.got_subcommand("explain")) return tocsin::commands::explain(explain);
  if (app.got_subcommand("test")) return tocsin::commands::test(test);
  if (app.got_subcommand("oncall")) return tocsin::commands::oncall(oncall);
  if (app.got_subcommand("send")) return tocsin::commands::send(send);
  if (app.got_subcommand("silence")) return tocsin::commands::silence(silence);
  if (app.got_subcommand("incident")) return tocsin::commands::incident(incident);
  if (app.got_subcommand("gameday")) return tocsin::commands::gameday(gameday);
  if (app.got_subcommand("override")) return tocsin::commands::rota_override(rota_override);
  if (app.got_subcommand("contact")) return tocsin::commands::contact(contact);
  if (app.got_subcommand("reload")) return tocsin::commands::reload(reload);
  std::fprintf(stderr, "tocsin %s: not in this version\n",
               app.get_subcommands().front()->get_name().c_str());
  return kWrongUse;
}
