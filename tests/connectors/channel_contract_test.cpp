// What every channel of the catalogue promises, whatever it speaks.
#include <algorithm>
#include <chrono>
#include <set>

#include "connectors/channel.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/notification.hpp"
#include "tests/connectors/receiver.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::Receiver;
using tocsin::testing::Reply;
using tocsin::testing::sample_notification;

namespace {

constexpr Duration kBudget = std::chrono::milliseconds(300);
constexpr auto kBound = std::chrono::seconds(3);
// Long enough to be unmistakable, and right for every kind of secret that a channel checks.
constexpr const char* kSecret = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";

ChannelDeps deps() {
  return {[](const std::string&) { return true; }};
}

/// Settings with which this channel talks to `receiver`.
Values settings(const ChannelSpec& spec, const Receiver& receiver) {
  Values values{"under-test", {}};
  for (const Field& field : spec.fields)
    values.values[std::string(field.key)] =
        field.secret ? kSecret : receiver.url("/" + std::string(kSecret));
  return values;
}

}  // namespace

TEST_CASE("every channel introduces itself", "[contract]") {
  std::set<std::string_view> names;
  for (const ChannelSpec* spec : all_channels()) {
    INFO(spec->name);
    CHECK(names.insert(spec->name).second);
    CHECK(find_channel(spec->name) == spec);
    CHECK_FALSE(spec->summary.empty());
    CHECK(spec->example.find("type: " + std::string(spec->name) + "\n") != std::string_view::npos);
    for (const Field& field : spec->fields) {
      CHECK_FALSE(field.key.empty());
      CHECK_FALSE(field.meaning.empty());
      if (field.required)
        CHECK(spec->example.find(std::string(field.key) + ": ") != std::string_view::npos);
    }
  }
  CHECK_FALSE(names.empty());
  CHECK(find_channel("no such channel") == nullptr);
}

TEST_CASE("every channel refuses to be made without what it requires and names the key",
          "[contract]") {
  const Receiver receiver;
  for (const ChannelSpec* spec : all_channels()) {
    for (const Field& field : spec->fields) {
      if (!field.required) continue;
      INFO(spec->name << "." << field.key);
      Values values = settings(*spec, receiver);
      values.values.erase(std::string(field.key));
      const auto made = spec->make(values, deps());
      REQUIRE_FALSE(made);
      CHECK(made.error().kind == ErrorKind::invalid);
      CHECK(made.error().message.find(field.key) != std::string::npos);
      CHECK(made.error().message.find("under-test") != std::string::npos);
      CHECK(made.error().message.find(kSecret) == std::string::npos);
    }
  }
}

TEST_CASE("every channel is back within its budget and leaks no secret", "[contract]") {
  for (const auto kind : {Reply::Kind::hang, Reply::Kind::trickle_head, Reply::Kind::trickle_body,
                          Reply::Kind::reset, Reply::Kind::flood_headers, Reply::Kind::echo}) {
    const Receiver receiver({kind, 500, "", ""});
    for (const ChannelSpec* spec : all_channels()) {
      INFO(spec->name << ", reply " << static_cast<int>(kind));
      const auto channel = spec->make(settings(*spec, receiver), deps());
      if (!channel) FAIL(channel.error().message);
      const auto begin = std::chrono::steady_clock::now();
      const Attempt attempt = (*channel)->deliver(sample_notification(), kBudget);
      CHECK(std::chrono::steady_clock::now() - begin < kBound);
      CHECK_FALSE(attempt.detail.empty());
      CHECK(attempt.detail.find(kSecret) == std::string::npos);
      const bool talks = !spec->fields.empty();
      CHECK((attempt.outcome == AttemptOutcome::retry_later) == talks);
    }
  }
}

TEST_CASE("every channel that talks to a server maps its answers alike", "[contract]") {
  for (const ChannelSpec* spec : all_channels()) {
    if (spec->fields.empty()) continue;
    Receiver receiver;
    const auto channel = spec->make(settings(*spec, receiver), deps());
    REQUIRE(channel);
    struct Row {
      int status;
      AttemptOutcome outcome;
    };
    for (const Row& row :
         {Row{200, AttemptOutcome::accepted}, Row{429, AttemptOutcome::retry_later},
          Row{503, AttemptOutcome::retry_later}, Row{404, AttemptOutcome::rejected},
          Row{410, AttemptOutcome::rejected}}) {
      receiver.answer_with({Reply::Kind::answer, row.status, "", ""});
      INFO(spec->name << " " << row.status);
      CHECK((*channel)->deliver(sample_notification(), std::chrono::seconds(20)).outcome ==
            row.outcome);
    }
  }
}
