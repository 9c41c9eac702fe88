#include "tests/connectors/channel_stand.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>

namespace tocsin::testing {
namespace {

using connectors::ChannelSpec;
using connectors::Notification;
using connectors::Values;

constexpr Duration kAmple = std::chrono::seconds(20);

void deliver(const ChannelSpec& spec, const Values& values, Notification notification,
             const connectors::ChannelDeps& deps = {}) {
  const auto channel = spec.make(values, deps);
  if (!channel) FAIL(channel.error().message);
  notification.contact.address = kAnyAddress;
  const Attempt said = (*channel)->deliver(notification, kAmple);
  INFO(said.detail);
  CHECK(said.outcome == AttemptOutcome::accepted);
}

using Settings = std::map<std::string, std::string>;

SentMessage mailed_by(const ChannelSpec& spec, const Notification& notification,
                      Settings settings) {
  SmtpReceiver server;
  settings.insert({{"smtp", server.url()}, {"from", "tocsin@example.com"}});
  deliver(spec, {"under-test", settings}, notification);
  SentMessage sent;
  for (const ReceivedMail& mail : server.mails()) {
    sent.texts.push_back(mail.header("Subject"));
    sent.texts.push_back(mail.part("text/plain"));
    for (std::string& text : html_texts(mail.part("text/html")))
      sent.texts.push_back(std::move(text));
    for (const std::string& text : sent.texts) sent.all += text + "\n";
  }
  return sent;
}

SentMessage told_by(const ChannelSpec& spec, const Notification& notification) {
  char path[] = "/tmp/tocsin-told-XXXXXX";
  const int file = mkstemp(path);
  REQUIRE(file >= 0);
  close(file);
  deliver(spec,
          {"under-test", {{"command", "/bin/sh"}, {"arguments", "-c\ncat > " + std::string(path)}}},
          notification);
  std::ifstream told(path, std::ios::binary);
  SentMessage sent{{std::istreambuf_iterator<char>(told), {}}, {}};
  unlink(path);
  add_texts(sent, sent.all);
  return sent;
}

}  // namespace

SentMessage sent_by(const ChannelSpec& spec, const Notification& notification,
                    const Settings& more) {
  if (spec.name == "email") return mailed_by(spec, notification, more);
  if (spec.name == "command") return told_by(spec, notification);
  const Receiver receiver({Reply::Kind::answer, 200, "", success_of(spec)});
  std::string printed;
  Values values = talking_to(receiver, spec.fields);
  values.values.insert(more.begin(), more.end());
  deliver(spec, values, notification, {[&](const std::string& text) {
            printed += text;
            return true;
          }});
  return sent_to(printed, receiver);
}

}  // namespace tocsin::testing
