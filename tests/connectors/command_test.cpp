// What the channel `command` gives a program, and what it makes of its end.
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <thread>

#include "connectors/channel.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/notification.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::sample_drill;
using tocsin::testing::sample_notification;

namespace {

constexpr Duration kAmple = std::chrono::seconds(20);

std::unique_ptr<Channel> command(const std::string& program, const std::string& arguments = {}) {
  auto made = find_channel("command")->make(
      {"siren", {{"command", program}, {"arguments", arguments}}}, {});
  if (!made) FAIL(made.error().message);
  return std::move(*made);
}

/// A shell that the test brings along.
std::unique_ptr<Channel> script(const std::string& text) {
  return command("/bin/sh", "-c\n" + text);
}

Attempt said_by(const std::string& text, Duration budget = kAmple) {
  return script(text)->deliver(sample_notification(), budget);
}

class TemporaryFile {
 public:
  TemporaryFile() { close(mkstemp(path_)); }
  ~TemporaryFile() { unlink(path_); }
  const char* path() const { return path_; }
  std::string text() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  char path_[32] = "/tmp/tocsin-command-XXXXXX";
};

}  // namespace

TEST_CASE("a command is given the message as JSON on its standard input") {
  const TemporaryFile told;
  Notification n = sample_drill();
  n.title += " '\"$(id)` \xff";
  const auto channel = script("cat > " + std::string(told.path()));
  CHECK(channel->deliver(n, kAmple) == Attempt::accepted("exit code 0"));
  const auto json = nlohmann::json::parse(told.text());
  CHECK(json.at("id") == n.id.text.str());
  CHECK(json.at("type") == "drill");
  CHECK(json.at("title") == "[GAMEDAY payments-staging] HighErrorRate: checkout '\"$(id)` \ufffd");
  CHECK(json.at("acknowledge_url") == n.acknowledge_url);
  CHECK(json.at("receipt_url").is_null());
}

TEST_CASE("a command's arguments are passed as they are and by no shell") {
  const Attempt said = command("/usr/bin/printf", "<%s>\na b\n$(id)\n\n*;'\"")
                           ->deliver(sample_notification(), kAmple);
  CHECK(said == Attempt::accepted("exit code 0: <a b><$(id)><*;'\">"));
}

TEST_CASE("a command's exit code says what became of the message") {
  CHECK(said_by("echo rang; echo more") == Attempt::accepted("exit code 0: rang"));
  CHECK(said_by("echo no line >&2; exit 75") == Attempt::retry_later("exit code 75: no line"));
  CHECK(said_by("exit 1") == Attempt::rejected("exit code 1"));
  CHECK(said_by("exit 74").outcome == AttemptOutcome::rejected);
  CHECK(said_by("kill -TERM $$") == Attempt::retry_later("ended by signal 15"));
  CHECK(command("/no/such/program")->deliver(sample_notification(), kAmple).outcome ==
        AttemptOutcome::rejected);
  CHECK(command("/etc/hostname")->deliver(sample_notification(), kAmple).outcome ==
        AttemptOutcome::rejected);
}

TEST_CASE("a command that reads nothing or prints without end does no harm") {
  Notification n = sample_notification();
  n.incident_json = "{\"x\":\"" + std::string(1u << 20, 'x') + "\"}";
  CHECK(script("exit 0")->deliver(n, kAmple).outcome == AttemptOutcome::accepted);
  CHECK(script("exec 0<&- 1>&- 2>&-; exit 0")->deliver(n, kAmple).outcome ==
        AttemptOutcome::accepted);
  const Attempt much = said_by("head -c 3000000 /dev/zero | tr '\\0' x");
  CHECK(much.outcome == AttemptOutcome::accepted);
  CHECK(much.detail.size() < 300);
  // What goes on in the background with its output open keeps nobody waiting.
  const auto begin = std::chrono::steady_clock::now();
  CHECK(said_by("sleep 5 & exit 0").outcome == AttemptOutcome::accepted);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(4));
}

TEST_CASE("a command is killed at its deadline and all that it started with it") {
  const TemporaryFile started;
  const auto begin = std::chrono::steady_clock::now();
  const Attempt said = said_by(
      "trap '' TERM; sleep 60 & echo $! > " + std::string(started.path()) + "; sleep 60; sleep 60",
      std::chrono::milliseconds(500));
  CHECK(said == Attempt::retry_later("/bin/sh: it was stopped at its deadline"));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
  REQUIRE_FALSE(started.text().empty());
  // Gone, or dead and not yet waited for by whoever inherited it.
  const std::string stat = "/proc/" + std::to_string(std::stoi(started.text())) + "/stat";
  const auto is_dead = [&] {
    std::ifstream process(stat);
    const std::string line{std::istreambuf_iterator<char>(process), {}};
    return line.empty() || line.find(") Z") != std::string::npos;
  };
  while (!is_dead() && std::chrono::steady_clock::now() - begin < std::chrono::seconds(30))
    std::this_thread::yield();
  CHECK(is_dead());
}

TEST_CASE("a command sees no variable and no open file of the service") {
  setenv("TOCSIN_HUSH", "hush-hush", 1);
  const Attempt environment =
      said_by("env | grep -c -v -e ^PATH= -e ^LANG= -e ^PWD= -e ^_= -e ^SHLVL=");
  unsetenv("TOCSIN_HUSH");
  CHECK(environment == Attempt::rejected("exit code 1: 0"));
  const int open_here = dup(0);
  // 3 is what lists them.
  CHECK(said_by("ls /proc/self/fd | tr '\\n' ' '") == Attempt::accepted("exit code 0: 0 1 2 3"));
  close(open_here);
}

TEST_CASE("a command without its whole path is refused by key") {
  for (const char* program : {"", "siren", "./siren", "/bin/a\nb"}) {
    const auto made = find_channel("command")->make({"siren", {{"command", program}}}, {});
    REQUIRE_FALSE(made);
    CHECK_THAT(made.error().message,
               Catch::Matchers::StartsWith("channels.siren.command: write the program with its"));
  }
}
