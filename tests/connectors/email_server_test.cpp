// Mail at a real SMTP server, Debian's python3-aiosmtpd: by STARTTLS, TLS and signed in.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "connectors/channel.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/notification.hpp"
#include "tests/connectors/smtp_receiver.hpp"
#include "tests/source_dir.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::ReceivedMail;
using tocsin::testing::sample_notification;

namespace {

using Settings = std::map<std::string, std::string>;
constexpr Duration kAmple = std::chrono::seconds(20);

/// A process whose input ends, and with it the process, when this object does.
class Process {
 public:
  Process(const std::string& program, std::vector<std::string> arguments) {
    int in[2], out[2];
    REQUIRE((pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    arguments.insert(arguments.begin(), program);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const int fault =
        posix_spawn(&process_, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    input_ = in[1];
    output_ = out[0];
    REQUIRE(fault == 0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() { end(); }

  /// Its exit status.
  int end() {
    if (process_ < 0) return 0;
    close(input_);
    close(output_);
    int status = 0;
    waitpid(std::exchange(process_, -1), &status, 0);
    return status;
  }
  int wait_for_end() {
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = -1;
    close(input_);
    close(output_);
    return status;
  }

  std::string line() {
    std::string text;
    char c = 0;
    while (read(output_, &c, 1) == 1 && c != '\n') text += c;
    return text;
  }

 private:
  pid_t process_ = -1;
  int input_ = -1, output_ = -1;
};

class MailServer {
 public:
  explicit MailServer(std::vector<std::string> options = {})
      : process_("/usr/bin/python3", with_script(std::move(options))), port_(process_.line()) {
    REQUIRE_FALSE(port_.empty());
  }
  std::string port() const { return port_; }
  nlohmann::json mail() { return nlohmann::json::parse(process_.line()); }

 private:
  static std::vector<std::string> with_script(std::vector<std::string> options) {
    const std::string script = tests::source_dir() + "/tests/connectors/smtp_server.py";
    options.insert(options.begin(), {"-B", "-W", "ignore", script});
    return options;
  }
  Process process_;
  std::string port_;
};

/// A certificate for this machine that nobody else trusts, with its key in the same file.
class Certificate {
 public:
  Certificate() {
    close(mkstemp(path_));
    Process openssl("/usr/bin/openssl",
                    {"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                     "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                     "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", path_, "-out",
                     std::string(path_) + ".crt"});
    REQUIRE(openssl.wait_for_end() == 0);
    Process both("/bin/sh", {"-c", "cat '" + crt() + "' >> '" + path_ + "'"});
    REQUIRE(both.wait_for_end() == 0);
  }
  ~Certificate() {
    unlink(path_);
    unlink(crt().c_str());
  }
  std::string pem() const { return path_; }
  std::string crt() const { return std::string(path_) + ".crt"; }

 private:
  char path_[32] = "/tmp/tocsin-mail-XXXXXX";
};

Attempt send_to(const std::string& smtp, const Settings& more = {},
                const std::string& address = "ada@example.com",
                Notification n = sample_notification()) {
  Settings settings{{"smtp", smtp}, {"from", "Alerts <tocsin@example.com>"}};
  settings.insert(more.begin(), more.end());
  const auto channel = find_channel("email")->make({"mail", settings}, {});
  if (!channel) FAIL(channel.error().message);
  n.contact.address = address;
  return (*channel)->deliver(n, kAmple);
}

}  // namespace

TEST_CASE("mail arrives at a real server and threads") {
  MailServer server;
  const std::string smtp = "smtp://127.0.0.1:" + server.port();
  CHECK(send_to(smtp) == Attempt::accepted("SMTP 250: 2.0.0 taken"));
  const auto page = server.mail();
  CHECK(page.at("from") == "tocsin@example.com");
  CHECK(page.at("to") == nlohmann::json{"ada@example.com"});
  Notification over = sample_notification();
  over.id.text = "msg-2";
  over.kind = MessageKind::resolved;
  over.title = ".Größer";
  over.impact = "";
  CHECK(send_to(smtp, {}, "ada@example.com", over).outcome == AttemptOutcome::accepted);
  const auto text_of = [](const nlohmann::json& mail) {
    return ReceivedMail{"", "", mail.at("text").get<std::string>()};
  };
  const ReceivedMail first = text_of(page), second = text_of(server.mail());
  CHECK(second.header("References") == first.header("References"));
  CHECK_FALSE(first.header("References").empty());
  CHECK(second.header("Message-ID") != first.header("Message-ID"));
  CHECK(second.part("text/plain").starts_with("RESOLVED: .Größer\r\n"));
  CHECK(send_to(smtp, {}, "nobody@example.com") ==
        Attempt::rejected("SMTP 550: 5.1.1 no such mailbox"));
  CHECK(send_to(smtp, {}, "later@example.com") ==
        Attempt::retry_later("SMTP 450: 4.2.0 come again"));
}

TEST_CASE("mail goes by STARTTLS and signed in only to a server that is trusted") {
  const Certificate certificate;
  MailServer server(
      {"--certificate", certificate.pem(), "--user", "tocsin", "--password", "hush hush"});
  const std::string smtp = "smtp://localhost:" + server.port();
  const Settings known{{"tls", "starttls"},
                       {"ca_file", certificate.crt()},
                       {"user", "tocsin"},
                       {"password", "hush hush"}};
  CHECK(send_to(smtp, known) == Attempt::accepted("SMTP 250: 2.0.0 taken"));
  const auto mail = server.mail();
  CHECK(mail.at("tls") == true);
  CHECK(mail.at("user") == "tocsin");

  Settings stranger = known;
  stranger.erase("ca_file");
  const Attempt untrusted = send_to(smtp, stranger);
  CHECK(untrusted.outcome == AttemptOutcome::retry_later);
  CHECK_THAT(untrusted.detail, Catch::Matchers::Contains("nothing was sent"));

  Settings mistaken = known;
  mistaken["password"] = "hash hash";
  const Attempt refused = send_to(smtp, mistaken);
  CHECK(refused.outcome == AttemptOutcome::rejected);
  CHECK_THAT(refused.detail, Catch::Matchers::StartsWith("SMTP 535"));
  CHECK(refused.detail.find("hash") == std::string::npos);
  // Without the protection that the server asks for, nothing goes either.
  CHECK(send_to(smtp, {{"tls", "none"}}).outcome == AttemptOutcome::rejected);
}

TEST_CASE("mail goes by TLS from the first byte") {
  const Certificate certificate;
  MailServer server({"--certificate", certificate.pem(), "--tls"});
  CHECK(send_to("smtps://127.0.0.1:" + server.port(), {{"ca_file", certificate.crt()}}).outcome ==
        AttemptOutcome::accepted);
  CHECK(server.mail().at("to") == nlohmann::json{"ada@example.com"});
}
