// A provider that fails: every HTTP channel of the catalogue says in time what that means, and the
// person's next contact is tried within the deadline of the attempt.
#include <atomic>
#include <future>
#include <sstream>

#include "connectors/wire/http_client.hpp"
#include "tests/catch.hpp"
#include "tests/troubles/documented.hpp"
#include "tests/troubles/stage.hpp"

using namespace tocsin;
using namespace tocsin::troubles;
using namespace std::chrono_literals;

namespace {

/// On the real clock, and ten times what an attempt may take at the most.
constexpr auto kBound = 100s;
/// Ten times the budget that a test gives to what only its end ends.
constexpr auto kShortBound = 3s;

/// What was played to one channel, and what came of it.
struct Played {
  std::string channel;
  std::string outcome, detail;
  std::chrono::steady_clock::duration took{};
  std::optional<Duration> next_contact;  // after the first attempt began
  std::optional<Duration> second_try;    // likewise
  std::size_t tries_while_failing = 0, taken = 0, ids = 0;
  bool next_step = false;
  bool tells_secret = false;
  bool in_timeline = false;
};

std::string shown(const std::optional<Duration>& time) {
  return time ? format_duration(*time) : "never";
}

std::string table_of(const Trouble& trouble, const std::vector<Played>& all) {
  std::ostringstream table;
  table << trouble.name << ":\n";
  for (const Played& p : all)
    table << "  " << p.channel << ": " << p.outcome << " in "
          << std::chrono::duration_cast<std::chrono::milliseconds>(p.took).count() << " ms ("
          << p.detail << "); next contact after " << shown(p.next_contact) << ", again after "
          << shown(p.second_try) << "; tries " << p.tries_while_failing << ", taken when well "
          << p.taken << ", ids " << p.ids << "\n";
  return table.str();
}

Played played(const connectors::ChannelSpec& spec, const Trouble& trouble) {
  Stage stage(spec, trouble);
  Played result;
  result.channel = spec.name;
  stage.world.advance(5s);
  REQUIRE_FALSE(stage.tries.empty());
  const Stage::Try first = stage.tries.front();
  result.outcome = documented_word(first.said.outcome);
  result.detail = first.said.detail;
  result.took = first.took;
  result.tries_while_failing = stage.tries.size();
  if (const auto next = stage.paged_at("ada-mail")) result.next_contact = *next - first.began;
  result.in_timeline = stage.told("the next contact of ada at once, mail") == 1;

  stage.heal();
  stage.world.advance(2min);
  std::set<std::string> ids;
  for (const Stage::Try& each : stage.tries) {
    ids.insert(each.id.text);
    if (each.said.outcome == AttemptOutcome::accepted) ++result.taken;
    if (each.said.detail.find(testing::kSecret) != std::string::npos) result.tells_secret = true;
  }
  result.ids = ids.size();
  if (stage.tries.size() > 1) result.second_try = stage.tries[1].began - first.began;
  result.next_step = stage.paged_at("bob").has_value();
  return result;
}

void expect_the_next_contact(std::string_view name) {
  const Trouble& trouble = trouble_of(name);
  std::vector<Played> all;
  for (const connectors::ChannelSpec* spec : http_channels()) all.push_back(played(*spec, trouble));
  REQUIRE(all.size() > 1);
  const std::string table = table_of(trouble, all);
  for (const Played& p : all) {
    INFO(table << "at fault: " << p.channel);
    CHECK(p.outcome == documented_outcome(trouble.name));
    CHECK_FALSE(p.detail.empty());
    CHECK_FALSE(p.tells_secret);
    CHECK(p.took < (trouble.until_the_deadline ? kShortBound : kBound));
    REQUIRE(p.next_contact);
    CHECK(*p.next_contact <= delivery::kAttemptBudget);
    CHECK(p.in_timeline);
    // The contact that failed is tried again, as the same message, until it is taken: once.
    CHECK(p.ids == 1);
    CHECK(p.taken == 1);
    CHECK_FALSE(p.next_step);
  }
}

wire::OutgoingRequest a_page_to(const TlsProvider& provider) {
  return {"POST", "https://127.0.0.1:" + std::to_string(provider.port()) + "/secret", {}, "a page"};
}

}  // namespace

TEST_CASE("a provider that answers 5xx means the next contact within the deadline") {
  expect_the_next_contact("5xx");
}

TEST_CASE("a provider that has had too much means the next contact and is left in peace as asked") {
  expect_the_next_contact("429 with Retry-After");
  for (const connectors::ChannelSpec* spec : http_channels()) {
    INFO(spec->name);
    Stage stage(*spec, trouble_of("429 with Retry-After"));
    stage.world.advance(kRetryAfter - 1s);
    CHECK(stage.tries.size() == 1);
    stage.world.advance(1s);
    CHECK(stage.tries.size() == 2);
  }
}

TEST_CASE("a provider that lets nobody in means the next contact within the deadline") {
  expect_the_next_contact("time-out");
}

TEST_CASE("a provider that takes a page and says nothing means the next contact in time") {
  expect_the_next_contact("hang");
}

TEST_CASE("a provider that answers a byte at a time means the next contact in time") {
  expect_the_next_contact("trickle");
}

TEST_CASE("a provider whose error has no end means the next contact within the deadline") {
  expect_the_next_contact("huge body");
}

TEST_CASE("a provider that resets the connection means the next contact within the deadline") {
  expect_the_next_contact("reset");
}

TEST_CASE("a provider whose certificate has expired means the next contact within the deadline") {
  expect_the_next_contact("expired TLS");
}

TEST_CASE("a provider whose certificate has expired is told nothing") {
  const TlsProvider provider(TlsProvider::Certificate::expired);
  const auto said = wire::send(a_page_to(provider), delivery::kAttemptBudget);
  REQUIRE_FALSE(said);
  CHECK(said.error().kind == ErrorKind::unavailable);  // nothing was sent
  INFO(said.error().message);
  CHECK(said.error().message.find("expired") != std::string::npos);
  CHECK(provider.connections() == 1);
  CHECK_FALSE(provider.was_told());
}

TEST_CASE("a provider whose certificate is of the same authority and in its time is told") {
  const TlsProvider provider(TlsProvider::Certificate::in_time);
  const auto said = wire::send(a_page_to(provider), delivery::kAttemptBudget);
  REQUIRE(said);
  CHECK(said->status == 200);
  CHECK(provider.was_told());
}

TEST_CASE("a provider whose name nobody knows means the next contact within the deadline") {
  expect_the_next_contact("unknown name");
}

TEST_CASE("an answer counts from its head on however its body goes") {
  for (const auto kind : {testing::Reply::Kind::trickle_body, testing::Reply::Kind::flood_body}) {
    const bool trickles = kind == testing::Reply::Kind::trickle_body;
    const Trouble trouble{"", Trouble::Where::answers, {kind, 200, "", ""}, trickles};
    for (const connectors::ChannelSpec* spec : http_channels()) {
      INFO(spec->name << (trickles ? ", a body that trickles" : ", a body without end"));
      Stage stage(*spec, trouble);
      REQUIRE(stage.tries.size() >= 1);
      // Unless it is the body that says whether it was taken.
      const bool by_body = !testing::success_of(*spec).empty();
      CHECK(stage.tries.front().said.outcome ==
            (by_body ? AttemptOutcome::retry_later : AttemptOutcome::accepted));
      CHECK(stage.paged_at("ada-mail").has_value() == by_body);
    }
  }
}

TEST_CASE("channels whose providers hang delay no other channel") {
  testing::Receiver hung({testing::Reply::Kind::wait, 200, "", ""});
  const testing::Receiver well;
  delivery::LaneRunner lanes;
  std::atomic<std::size_t> ended = 0;
  std::vector<std::shared_ptr<connectors::Channel>> channels;
  const auto made = [&](const connectors::ChannelSpec& spec, const testing::Receiver& leads_to) {
    auto channel = spec.make(testing::talking_to(leads_to, spec.fields), {});
    if (!channel) FAIL(channel.error().message);
    channels.push_back(std::move(*channel));
    return channels.back();
  };
  connectors::Notification page = testing::sample_notification();
  page.contact.address = testing::kAnyAddress;
  for (const connectors::ChannelSpec* spec : http_channels())
    for (std::size_t i = 0; i < 2 * delivery::kLaneThreads; ++i)
      REQUIRE(lanes.run(std::string(spec->name), [&, channel = made(*spec, hung)] {
        channel->deliver(page, 60s);
        ++ended;
      }));
  std::promise<Attempt> said;
  REQUIRE(lanes.run("well", [&, channel = made(*http_channels().front(), well)] {
    said.set_value(channel->deliver(page, delivery::kAttemptBudget));
  }));
  CHECK(said.get_future().get().outcome == AttemptOutcome::accepted);
  CHECK(ended == 0);
  hung.release();
  while (ended < 2 * delivery::kLaneThreads * http_channels().size()) std::this_thread::yield();
}

TEST_CASE("the table of troubles in the documentation is the one that is played") {
  std::vector<std::string> names;
  for (const Trouble& trouble : all_troubles()) names.emplace_back(trouble.name);
  CHECK(documented_troubles() == names);
}
