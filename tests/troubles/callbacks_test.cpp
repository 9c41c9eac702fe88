// What comes back from a provider, or from whoever reads the page: never, twice, or before the
// answer to the request that brought it.
#include "tests/catch.hpp"
#include "tests/troubles/documented.hpp"
#include "tests/troubles/stage.hpp"

using namespace tocsin;
using namespace tocsin::troubles;
using namespace std::chrono_literals;

namespace {

void expect_taken(const Stage& stage, const std::string_view trouble) {
  REQUIRE(stage.tries.size() == 1);
  CHECK(documented_word(stage.tries.front().said.outcome) == documented_outcome(trouble));
}

/// It was taken once, and nobody else was paged for it.
void expect_to_be_over(Stage& stage) {
  const std::size_t tries = stage.tries.size();
  stage.world.advance(15min);
  CHECK(stage.tries.size() == tries);
  CHECK_FALSE(stage.paged_at("ada-mail"));
  CHECK_FALSE(stage.paged_at("bob"));
}

void expect_acknowledged_once(const Stage& stage) {
  const engine::Incident incident = stage.world.incident().incident;
  CHECK(incident.state == engine::IncidentState::acknowledged);
  CHECK(incident.acknowledged_by == "ada");
  CHECK(stage.told("acknowledged") == 1);
}

/// To every channel of which somebody says later whether a page was delivered.
void for_each_with_reports(std::string_view trouble,
                           const std::function<void(const connectors::ChannelSpec&)>& play) {
  std::size_t found = 0;
  for (const connectors::ChannelSpec* spec : http_channels()) {
    Stage probe(*spec, trouble_of("accepted but never delivered"));
    if (!probe.tries.front().said.receipt_within) continue;
    INFO(trouble << ", " << spec->name);
    CHECK(probe.takes_reports());
    ++found;
    play(*spec);
  }
  CHECK(found > 1);
}

}  // namespace

TEST_CASE("a page that is accepted and never delivered means the next contact or the next step") {
  for (const connectors::ChannelSpec* spec : http_channels()) {
    INFO(spec->name);
    Stage stage(*spec, trouble_of("accepted but never delivered"));
    expect_taken(stage, "accepted but never delivered");
    const auto within = stage.tries.front().said.receipt_within;
    // A provider that says no more cannot be found out: the person's next contact comes by its own
    // time, and the next step by the step's wait.
    const Duration next = within.value_or(kSecondContact);
    CHECK(next <= kSecondContact);
    stage.world.advance(next - 1s);
    CHECK_FALSE(stage.paged_at("ada-mail"));
    stage.world.advance(1s);
    CHECK(stage.paged_at("ada-mail") == next);
    CHECK(stage.told("): no receipt within") == (within ? 1 : 0));
    stage.world.advance(kNextStep - next);
    CHECK(stage.paged_at("bob") == kNextStep);
    CHECK(stage.first_page().attempt == 1);
  }
}

TEST_CASE("every channel's page has the link that acknowledges and pressing it twice counts once") {
  for (const connectors::ChannelSpec* spec : http_channels()) {
    INFO(spec->name);
    Stage stage(*spec, trouble_of("a callback twice"));
    expect_taken(stage, "a callback twice");
    REQUIRE(stage.has_link());
    for (int time = 1; time <= 2; ++time) {
      CHECK(stage.press_link() == 200);
      expect_acknowledged_once(stage);
    }
    expect_to_be_over(stage);
  }
}

TEST_CASE("a report of delivery that comes twice counts once") {
  for_each_with_reports("a callback twice", [](const connectors::ChannelSpec& spec) {
    for (const bool delivered : {true, false}) {
      INFO((delivered ? "delivered" : "failed"));
      Stage stage(spec, trouble_of("a callback twice"));
      const auto events = [&] { return stage.world.incident().incident.timeline.size(); };
      CHECK(stage.report(delivered) == 204);
      const std::size_t once = events();
      CHECK(stage.report(delivered) == 204);
      CHECK(events() == once);
      CHECK(stage.first_page().receipt ==
            (delivered ? engine::Receipt::delivered : engine::Receipt::denied));
      CHECK(stage.paged_at("ada-mail") == (delivered ? std::nullopt : std::optional(Duration())));
      stage.world.advance(kSecondContact);
      CHECK(stage.paged_at("ada-mail") == (delivered ? kSecondContact : Duration()));
      CHECK(stage.tries.size() == 1);
    }
  });
}

TEST_CASE("an acknowledgement that comes before the answer to its page counts") {
  for (const bool answered : {true, false}) {
    Trouble trouble = trouble_of("a callback before the answer");
    if (!answered) {
      trouble.reply.kind = testing::Reply::Kind::hang;
      trouble.until_the_deadline = true;
    }
    for (const connectors::ChannelSpec* spec : http_channels()) {
      INFO(spec->name << (answered ? "" : ", never answered"));
      int status = 0;
      Stage stage(*spec, trouble, [&](Stage& before) { status = before.press_link(); });
      CHECK(status == 200);
      if (answered) expect_taken(stage, trouble.name);
      expect_acknowledged_once(stage);
      expect_to_be_over(stage);
      CHECK(stage.tries.size() == 1);
    }
  }
}

TEST_CASE("a report of delivery that comes before the answer to its page counts") {
  for_each_with_reports("a callback before the answer", [](const connectors::ChannelSpec& spec) {
    for (const bool delivered : {true, false}) {
      INFO((delivered ? "delivered" : "failed"));
      int status = 0;
      Stage stage(spec, trouble_of("a callback before the answer"),
                  [&](Stage& before) { status = before.report(delivered); });
      CHECK(status == 204);
      expect_taken(stage, "a callback before the answer");
      CHECK(stage.first_page().status == engine::MessageStatus::accepted);
      CHECK(stage.first_page().receipt ==
            (delivered ? engine::Receipt::delivered : engine::Receipt::denied));
      stage.world.advance(kSecondContact - 1s);
      CHECK(stage.paged_at("ada-mail") == (delivered ? std::nullopt : std::optional(Duration())));
      CHECK(stage.told("no receipt within") == 0);
    }
  });
}
