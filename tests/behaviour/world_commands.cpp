// What people say in a world, and what they are answered.
#include "router/engine/drill.hpp"
#include "tests/behaviour/world.hpp"
#include "tests/catch.hpp"

namespace tocsin::tests {

namespace {

// What the reply says, once it has come.
engine::CommandReply into(const std::shared_ptr<std::string>& said) {
  return [said](const engine::CommandAnswer& answer) {
    *said = answer.what == engine::CommandAnswer::What::done ? "" : answer.why;
  };
}

}  // namespace

std::string World::command(const Command& command, const engine::IncidentView& incident) {
  const auto said = std::make_shared<engine::CommandAnswer>();
  said->why = "no answer";
  owner_->submit(incident, command, std::chrono::seconds(5),
                 [said](const engine::CommandAnswer& got) { *said = got; });
  settle();
  answer = said->why;
  return said->what == engine::CommandAnswer::What::done ? "" : said->why;
}

std::string World::submit(const Control& fact) {
  const auto said = std::make_shared<std::string>("no answer");
  owner_->submit(fact, std::chrono::seconds(5), into(said));
  settle();
  return *said;
}

bool World::acknowledge(const engine::IncidentView& i, const std::string& by) {
  return command({CommandKind::acknowledge, i.incident.id, by, "test"}, i).empty();
}
bool World::resolve_by_hand(const engine::IncidentView& i, const std::string& by) {
  return command({CommandKind::resolve, i.incident.id, by, "test"}, i).empty();
}
bool World::snooze(const engine::IncidentView& i, const std::string& by, Duration length) {
  return command({CommandKind::snooze, i.incident.id, by, "test", "", length}, i).empty();
}
bool World::note(const engine::IncidentView& i, const std::string& by, const std::string& text) {
  return command({CommandKind::note, i.incident.id, by, "test", text}, i).empty();
}
std::string World::approve(const engine::IncidentView& i, const std::string& by,
                           const std::string& hook) {
  return command({CommandKind::approve, i.incident.id, by, "test", hook}, i);
}
std::string World::reject(const engine::IncidentView& i, const std::string& by,
                          const std::string& hook) {
  return command({CommandKind::reject, i.incident.id, by, "test", hook}, i);
}

std::string World::escalate(const engine::IncidentView& i, const std::string& by) {
  return command({CommandKind::escalate, i.incident.id, by, "test"}, i);
}
std::string World::assign(const engine::IncidentView& i, const std::string& by,
                          const std::string& to) {
  return command({CommandKind::assign, i.incident.id, by, "test", "", {}, to}, i);
}

bool World::press_link(const connectors::Notification& page) {
  const auto view = state_->find(page.incident);
  REQUIRE(view);
  Command command{CommandKind::acknowledge, view->incident.id, page.contact.person, "page link"};
  command.message = page.id;
  return this->command(command, *view).empty();
}

bool World::receipt(const connectors::Notification& message, bool delivered,
                    const std::string& detail, std::uint32_t attempt) {
  const auto view = state_->find(message.incident);
  REQUIRE(view);
  const auto said = std::make_shared<std::string>("no answer");
  owner_->submit(*view,
                 AttemptResult{view->incident.id, message.id, attempt, clock.now(),
                               Attempt::receipt(delivered, detail)},
                 std::chrono::seconds(5), into(said));
  settle();
  return said->empty();
}

SilenceId World::silence(std::vector<std::string> matchers, Duration length, Duration from_now) {
  static int made = 0;
  const SilenceId id{"s" + std::to_string(++made)};
  const WallTime start = clock.now().wall + from_now;
  CHECK(submit(control::Silence{id, std::move(matchers), start, start + length, "ada",
                                "deploying"}) == "");
  return id;
}

void World::end_silence(const SilenceId& id) {
  CHECK(submit(control::SilenceEnded{id, "ada", clock.now().wall}) == "");
}

OverrideId World::override(const std::string& rota, const std::string& person, Duration from_now,
                           Duration length, const std::string& by) {
  static int made = 0;
  const OverrideId id{"o" + std::to_string(++made)};
  const WallTime from = clock.now().wall + from_now;
  CHECK(submit(control::RotaOverride{id, rota, person, from, from + length, by, "swapped"}) == "");
  return id;
}

void World::end_override(const OverrideId& id, const std::string& by) {
  CHECK(submit(control::RotaOverrideEnded{id, by, clock.now().wall}) == "");
}

NoticeId World::test_contacts(const std::string& person) {
  static int made = 0;
  const NoticeId id = make_notice_id({"test", std::to_string(++made)});
  CHECK(submit(control::ContactTest{id, person, "boss", clock.now().wall}) == "");
  return id;
}

std::string World::gameday_on(const std::string& set, Duration length, Duration from_now) {
  const auto configured = settings_.gamedays.find(set);
  REQUIRE(configured != settings_.gamedays.end());
  control::GamedayOn on{set, {}, configured->second.longest};
  on.run.by = "ada";
  on.run.why = "practice";
  on.run.said = clock.now();
  on.run.starts_at = on.run.said.wall + from_now;
  on.run.length = length;
  on.run.team = configured->second.team;
  const auto configuration = make_configuration(settings_);
  for (const Contact& contact : engine::everybody_of(configured->second, *configuration, {}))
    if (!contact.person.empty()) on.run.people.push_back(contact.person);
  return submit(on);
}

std::string World::gameday_off(const std::string& set) {
  return submit(
      control::GamedayEnded{set, {gameday::EndKind::off, "ada", "done", clock.now().wall}, 0});
}

bool World::hooks_drill(const std::string& hook) const {
  return settings_.hooks.at(hook).gameday != gameday::HookInDrill::never;
}

}  // namespace tocsin::tests
