// `command`: a program of one's own on this machine, given the message as JSON.
//
// No shell is started: what stands in the configuration is passed as it is, and what alerts say
// comes on stdin only. Exit code 0 is accepted; 75, which sysexits.h calls EX_TEMPFAIL, asks to try
// again; anything else means that this contact does not work.
#include <algorithm>
#include <array>

#include "connectors/channel.hpp"
#include "connectors/channels/message_json.hpp"
#include "connectors/wire/program.hpp"
#include "router/core/text.hpp"

namespace tocsin::connectors {
namespace {

constexpr std::array<Field, 2> kFields{{
    {"command", true, false, "the program, with its whole path", "/bin/cat"},
    {"arguments", false, false, "its arguments, a line each", "-"},
}};

constexpr int kTryAgainLater = 75;
constexpr std::size_t kMostSaidBytes = 200;
constexpr std::size_t kMostArguments = 100;

class Command final : public Channel {
 public:
  Command(std::string program, std::vector<std::string> arguments)
      : program_(std::move(program)), arguments_(std::move(arguments)) {}

  Attempt deliver(const Notification& n, Duration budget) override {
    const auto ended =
        wire::run(program_, arguments_, channels::message_json(n, false) + "\n", budget);
    if (!ended) {
      const Error& error = ended.error();
      return error.kind == ErrorKind::invalid ? Attempt::rejected(error.message)
                                              : Attempt::retry_later(error.message);
    }
    std::string detail = ended->signal != 0 ? "ended by signal " + std::to_string(ended->signal)
                                            : "exit code " + std::to_string(ended->exit_code);
    const std::string says =
        cut(one_line(std::string_view(ended->output).substr(0, ended->output.find('\n'))),
            kMostSaidBytes);
    if (!says.empty()) detail += ": " + says;
    if (ended->signal != 0 || ended->exit_code == kTryAgainLater)
      return Attempt::retry_later(detail);
    return ended->exit_code == 0 ? Attempt::accepted(detail) : Attempt::rejected(detail);
  }

 private:
  std::string program_;
  std::vector<std::string> arguments_;
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Result<std::unique_ptr<Channel>> make(const Values& values, const ChannelDeps&) {
  const std::string where = "channels." + values.name + ".";
  const std::string program = values.get("command");
  if (!program.starts_with('/') || program != one_line(program))
    return invalid(where +
                   "command: write the program with its whole path, such as "
                   "/usr/local/bin/ring, and its arguments under arguments");
  const std::string arguments = values.get("arguments");
  std::vector<std::string> lines = lines_of(arguments);
  if (lines.size() > kMostArguments || arguments.find('\0') != std::string::npos)
    return invalid(where + "arguments: write at most " + std::to_string(kMostArguments) +
                   " lines of text, an argument each");
  return std::unique_ptr<Channel>(std::make_unique<Command>(program, std::move(lines)));
}

}  // namespace

extern const ChannelSpec command_channel;
const ChannelSpec command_channel = {
    .name = "command",
    .summary = "a program of one's own on this machine, given the message as JSON",
    .fields = kFields,
    .example = R"(  - name: siren
    type: command
    command: /usr/local/bin/siren
)",
    .needs_address = false,
    .make = make,
};

}  // namespace tocsin::connectors
