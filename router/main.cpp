// The command line: what it takes, and which command does it.
#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>

#include "router/commands.hpp"

namespace {

constexpr int kWrongUse = 2;

// Promised by the documentation, and not built yet: they say so instead of "unknown command".
constexpr std::array kNotInThisVersion{"explain", "test",    "oncall",   "incident",
                                       "gameday", "silence", "backtest", "contact"};

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
  command->footer(
      "SIGTERM finishes what has begun and stops; SIGHUP reloads the configuration.\n\n"
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
  command->footer("Exit code 0: good; 1: errors.\n\nExample:\n  tocsin check --config config");
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
      "Exit code 0: the alerts are durable; 1: they are not.\n\n"
      "Example:\n  tocsin send --integration prometheus-production --key \"$PROMETHEUS_KEY\" "
      "alert.json");
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
  tocsin::commands::SendOptions send;
  send.server = "http://127.0.0.1:8321";
  add_serve(app, serve);
  add_check(app, check);
  add_send(app, send);
  for (const char* name : kNotInThisVersion)
    app.add_subcommand(name, "Not in this version.")
        ->prefix_command()
        ->group("Not in this version");
  app.footer("'tocsin COMMAND --help' shows a command's options and an example.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // The library would only say that a command is missing.
    const auto is_named = [&](const CLI::App* command) { return command->get_name() == argv[1]; };
    if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(is_named).empty())
      std::fprintf(stderr, "there is no command '%s'\n", argv[1]);
    return app.exit(error) == 0 ? 0 : kWrongUse;
  }
  if (app.got_subcommand("serve")) return tocsin::commands::serve(serve);
  if (app.got_subcommand("check")) return tocsin::commands::check(check);
  if (app.got_subcommand("send")) return tocsin::commands::send(send);
  std::fprintf(stderr, "tocsin %s: not in this version\n",
               app.get_subcommands().front()->get_name().c_str());
  return kWrongUse;
}
