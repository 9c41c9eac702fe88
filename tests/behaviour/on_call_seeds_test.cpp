// Random rotas, policies, words, silences, reloads, dead phones and crashes: an incident in earnest
// that is open and held by nothing always has a page on its way or a look within the minute, nobody
// who acknowledged is paged, what waits for somebody begins within a minute of their coming, and a
// start finds everything as it was. TOCSIN_SEED runs one seed, TOCSIN_SEEDS another number of them.
#include <cstdlib>
#include <random>

#include "router/engine/acknowledging.hpp"
#include "router/engine/due.hpp"
#include "router/engine/on_call.hpp"
#include "router/engine/remedy.hpp"
#include "router/engine/steps.hpp"
#include "tests/behaviour/on_call.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

 private:
  std::mt19937 random_;
};

const std::vector<std::string> kPeople{"ada", "bob", "grace"};
const std::vector<std::string> kAlerts{"db-1", "db-2", "disk-1"};

std::string random_steps(Chance& chance) {
  std::string steps;
  const std::size_t count = 1 + chance.below(3);
  for (std::size_t i = 0; i < count; ++i) {
    std::string page = "{rota: " + chance.of<std::string>({"primary", "office"}) + "}";
    if (chance.one_in(2)) page += ", {person: " + chance.of(kPeople) + "}";
    if (chance.one_in(4)) page += ", {channel: room}";
    steps += std::string(steps.empty() ? "" : ", ") + "{page: [" + page +
             "], wait: " + chance.of<std::string>({"1m", "5m", "20m"});
    if (chance.one_in(4)) steps += ", round_robin: true";
    if (chance.one_in(3)) steps += ", acknowledge: everyone";
    if (chance.one_in(4))
      steps += ", only: {time_zone: UTC, hours: \"08:00-20:00\"}";
    else if (chance.one_in(4))
      steps += ", only: {severity: [critical]}";
    steps += "}";
  }
  return "[" + steps + "]";
}

OnCall random_settings(Chance& chance) {
  OnCall says;
  says.steps = random_steps(chance);
  if (chance.one_in(2)) says.more += ", repeat: " + std::to_string(1 + chance.below(3));
  if (chance.one_in(2)) says.more += ", acknowledgement_timeout: 20m";
  if (chance.one_in(2))
    says.primary += ", only: {hours: \"0" + std::to_string(chance.below(9)) + ":00-16:00\"}";
  if (chance.one_in(3)) says.fallback = "[{page: [{rota: office}], wait: 5m}]";
  if (chance.one_in(3)) says.fallback = "[{page: [{rota: office}, {channel: room}], wait: 5m}]";
  return says;
}

class Watched {
 public:
  explicit Watched(Chance& chance) : chance_(chance), world_(random_settings(chance)) {
    world_.on_delivery = [this](const std::string&, const connectors::Notification& page) {
      if (page.kind != MessageKind::page) return;
      const auto view = world_.state().find(page.incident);
      REQUIRE(view);
      CHECK(view->incident.state == engine::IncidentState::open);
      CHECK_FALSE(engine::has_acknowledged(view->incident, page.contact.person));
    };
    changed_at_ = world_.clock.now().wall;
  }

  void step() {
    const auto incidents = world_.incidents();
    const auto any = [&] { return chance_.of(incidents); };
    switch (incidents.empty() ? chance_.below(6) : chance_.below(15)) {
      case 0:
        world_.reload(random_settings(chance_));
        changed_at_ = world_.clock.now().wall;
        break;
      case 1:
        crash();
        break;
      case 2:
      case 3:
        world_.fire(chance_.of(kAlerts));
        break;
      case 4:
        world_.resolve(chance_.of(kAlerts));
        break;
      case 5:
        world_.advance(chance_.of<Duration>({1s, 1min, 6min, 25min, 3h, 9h}));
        break;
      case 6:
      case 7:
        world_.acknowledge(any(), chance_.of(kPeople));
        break;
      case 8:
        world_.escalate(any(), chance_.of(kPeople));
        break;
      case 9:
        world_.assign(any(), "linus", chance_.of(kPeople));
        break;
      case 10:
        world_.snooze(any(), chance_.of(kPeople), 10min);
        break;
      case 11:
        world_.silence({"alertname=\"" + chance_.of(kAlerts) + "\""}, 10min);
        break;
      case 12:
        world_.phone(chance_.of(kPeople))
            .always(chance_.of<std::optional<Attempt>>({Attempt::rejected("gone"),
                                                        Attempt::retry_later("503"), std::nullopt,
                                                        std::nullopt}));
        break;
      default:
        world_.advance(chance_.of<Duration>({1s, 1min, 6min}));
        break;
    }
    look();
  }

 private:
  static bool is_on_its_way(const engine::MessageState& message) {
    return message.kind == MessageKind::page && message.status != engine::MessageStatus::rejected &&
           message.status != engine::MessageStatus::withdrawn;
  }

  void crash() {
    const auto before = world_.incidents();
    chance_.one_in(2) ? world_.crash_and_restore(world_.snapshots()) : world_.crash();
    for (const auto& view : before) {
      const auto after = world_.state().find(view.incident.id.text);
      REQUIRE(after);
      CHECK(after->incident.escalation == view.incident.escalation);
      CHECK(after->incident.acknowledgements == view.incident.acknowledgements);
      CHECK(after->incident.acknowledged_for == view.incident.acknowledged_for);
      CHECK(after->incident.assigned_to == view.incident.assigned_to);
      CHECK(after->incident.turns == view.incident.turns);
    }
  }

  void look() {
    const Instant now = world_.clock.now();
    for (const auto& view : world_.incidents()) {
      const engine::Incident& i = view.incident;
      if (i.state != engine::IncidentState::open || i.hold || engine::is_running(i)) continue;
      INFO("incident " << i.title.str() << ", queue " << to_string(i.escalation.queue));
      const auto next = engine::due_in(i, {now, 0});
      REQUIRE(next);
      const bool last = i.escalation.fallback;  // tried again every 15 minutes, whatever it says
      CHECK((last || *next <= 1min ||
             std::any_of(i.messages.begin(), i.messages.end(), is_on_its_way)));
      if (i.escalation.queue == Queue::none || now.wall - changed_at_ < 62s) continue;
      // It could have been paged at both ends of the last minute, and was not.
      const auto configuration = world_.owner().configuration();
      const engine::Facts none;
      const auto somebody = [&](Duration ago) {
        return !engine::has_nobody(i.policy, i, {none, *configuration, now.wall - ago});
      };
      if (!somebody(0s) || !somebody(61s)) continue;
      // With nobody left its own policy pauses before it begins again.
      const Duration pause = i.escalation.queue == Queue::anybody ? i.escalation.next.length : 0s;
      CHECK(i.escalation.next.since.wall > now.wall - pause - 61s);
    }
  }

  Chance& chance_;
  OnCallWorld world_;
  WallTime changed_at_{};
};

std::size_t number(const char* name, std::size_t otherwise) {
  const char* const text = std::getenv(name);
  return text ? std::strtoul(text, nullptr, 10) : otherwise;
}

}  // namespace

TEST_CASE("whatever happens an open incident is on somebody's way") {
  const std::size_t first = number("TOCSIN_SEED", 1);
  const std::size_t count = std::getenv("TOCSIN_SEED") ? 1 : number("TOCSIN_SEEDS", 40);
  for (std::size_t seed = first; seed < first + count; ++seed) {
    INFO("TOCSIN_SEED=" << seed);
    Chance chance(static_cast<unsigned>(seed));
    Watched watched(chance);
    for (int i = 0; i < 60; ++i) watched.step();
  }
}
