// What every channel of the catalogue promises, whatever it speaks.
#include "connectors/channel.hpp"
#include "tests/connectors/channel_stand.hpp"
#include "tests/connectors/contract.hpp"
#include "tests/connectors/notification.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::Contract;
using tocsin::testing::kToChannels;
using tocsin::testing::Receiver;
using tocsin::testing::Reply;
using tocsin::testing::sample_drill;
using tocsin::testing::sample_notification;
using tocsin::testing::says;
using tocsin::testing::sent_by;
using tocsin::testing::speaks_http;

namespace {

/// Nobody answers a program, nor a text on the terminal.
bool waits_for_a_server(const ChannelSpec& spec) {
  return speaks_http(spec) || spec.name == "email";
}

const Contract<ChannelSpec, Channel>& contract() {
  static const Contract<ChannelSpec, Channel> contract{
      all_channels(), find_channel, "channels",
      [](const ChannelSpec& spec, const Values& values) {
        return spec.make(values, {[](const std::string&) { return true; }});
      },
      [](Channel& channel, Duration budget) {
        Notification n = sample_notification();
        n.contact.address = tocsin::testing::kAnyAddress;
        return channel.deliver(n, budget);
      }};
  return contract;
}

}  // namespace

TEST_CASE("every channel introduces itself", "[contract]") {
  tocsin::testing::expect_introductions(contract());
}

TEST_CASE("every channel refuses to be made without what it requires and names the key",
          "[contract]") {
  tocsin::testing::expect_to_name_what_is_missing(contract());
}

TEST_CASE("every channel is back within its budget and leaks no secret", "[contract]") {
  tocsin::testing::expect_bounds<ChannelSpec, Channel>(contract(), [](const ChannelSpec& spec) {
    return waits_for_a_server(spec) ? AttemptOutcome::retry_later : AttemptOutcome::accepted;
  });
}

TEST_CASE("every channel that is one HTTP request maps its answers alike", "[contract]") {
  for (const ChannelSpec* spec : all_channels()) {
    if (!speaks_http(*spec)) continue;
    Receiver receiver;
    const auto channel = contract().made(*spec, receiver);
    struct Row {
      int status;
      AttemptOutcome outcome;
    };
    for (const Row& row :
         {Row{200, AttemptOutcome::accepted}, Row{429, AttemptOutcome::retry_later},
          Row{503, AttemptOutcome::retry_later}, Row{404, AttemptOutcome::rejected},
          Row{410, AttemptOutcome::rejected}}) {
      receiver.answer_with({Reply::Kind::answer, row.status, "",
                            row.status == 200 ? tocsin::testing::success_of(*spec) : ""});
      INFO(spec->name << " " << row.status);
      CHECK(contract().attempt(*channel, std::chrono::seconds(20)).outcome == row.outcome);
    }
  }
}

TEST_CASE("every channel shows the mark of a drill before all else in every kind of message",
          "[contract]") {
  for (const ChannelSpec* spec : all_channels())
    for (const MessageKind kind : kToChannels) {
      if (!says(*spec, kind)) continue;
      INFO(spec->name << " " << to_string(kind));
      const Notification n = sample_drill(kind);
      tocsin::testing::expect_mark(sent_by(*spec, n), n.mark, sample_notification().title);
    }
}

TEST_CASE("no channel shows a mark in earnest in any kind of message", "[contract]") {
  for (const ChannelSpec* spec : all_channels())
    for (const MessageKind kind : kToChannels) {
      if (kind == MessageKind::drill_paused || !says(*spec, kind)) continue;
      INFO(spec->name << " " << to_string(kind));
      Notification n = sample_notification();
      n.kind = kind;
      const std::string all = sent_by(*spec, n).all;
      for (const char* of_drills : {"GAMEDAY", "\"drill", "Drill", "DRILL"})
        CHECK(all.find(of_drills) == std::string::npos);
    }
}

TEST_CASE("every channel says of a real message that it is not the drill that is on",
          "[contract]") {
  for (const ChannelSpec* spec : all_channels())
    for (const MessageKind kind : kToChannels) {
      if (kind == MessageKind::drill_paused || !says(*spec, kind)) continue;
      INFO(spec->name << " " << to_string(kind));
      Notification n = sample_notification();
      n.kind = kind;
      n.not_the_drill = "REAL, not the GameDay drill payments-staging";
      const std::string all = sent_by(*spec, n).all;
      const std::size_t says = all.find(n.not_the_drill);
      CHECK(says < all.find(n.title));
      CHECK(all.find("[GAMEDAY") == std::string::npos);
    }
}
