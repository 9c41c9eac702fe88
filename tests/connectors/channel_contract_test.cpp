// What every channel of the catalogue promises, whatever it speaks.
#include "connectors/channel.hpp"
#include "tests/connectors/contract.hpp"
#include "tests/connectors/notification.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using tocsin::testing::Contract;
using tocsin::testing::Receiver;
using tocsin::testing::Reply;

namespace {

bool talks_to_a_server(const ChannelSpec& spec) { return !spec.fields.empty(); }

const Contract<ChannelSpec, Channel>& contract() {
  static const Contract<ChannelSpec, Channel> contract{
      all_channels(), find_channel, "channels",
      [](const ChannelSpec& spec, const Values& values) {
        return spec.make(values, {[](const std::string&) { return true; }});
      },
      [](Channel& channel, Duration budget) {
        return channel.deliver(tocsin::testing::sample_notification(), budget);
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
    return talks_to_a_server(spec) ? AttemptOutcome::retry_later : AttemptOutcome::accepted;
  });
}

TEST_CASE("every channel that talks to a server maps its answers alike", "[contract]") {
  for (const ChannelSpec* spec : all_channels()) {
    if (!talks_to_a_server(*spec)) continue;
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
      receiver.answer_with({Reply::Kind::answer, row.status, "", ""});
      INFO(spec->name << " " << row.status);
      CHECK(contract().attempt(*channel, std::chrono::seconds(20)).outcome == row.outcome);
    }
  }
}
