// Whoever looks out for news of rotas, on a clock that a test moves: what it notices is applied as
// a turn would.
//
//   primary   in Dublin, by days from 10:00: ada, then bob; ada from 2026-11-22 on
#pragma once

#include <functional>

#include "router/engine/apply.hpp"
#include "router/engine/lookout.hpp"
#include "tests/catch.hpp"

namespace tocsin::engine::tests {

inline WallTime at(std::string_view text) { return parse_rfc3339(text).value(); }

struct WatchedRotas {
  PartitionState state;
  std::shared_ptr<Configuration> configuration = plain();
  Lookout lookout;
  Instant now{at("2026-11-22T09:00:00Z"), 1, std::chrono::hours(5)};
  Position position = 0;

  static std::shared_ptr<Configuration> plain() {
    auto made = std::make_shared<Configuration>();
    made->hash = "first";
    for (const std::string name : {"ada", "bob", "eve"}) {
      oncall::Person person;
      person.name = name;
      person.notify = {{"push", name + "-phone", {}}, {"mail", name + "@example.com", {}}};
      made->directory.people[name] = person;
    }
    made->directory.channels = {"room"};
    made->policies["fallback"] = {"fallback", "platform", {{{{Target::Kind::person, "eve"}}}}, 0};
    made->default_policy = "fallback";
    oncall::Rota rota;
    rota.name = "primary";
    rota.team = "crew";
    rota.time_zone = Zone::load("Europe/Dublin").value();
    oncall::Layer layer;
    layer.people = {"ada", "bob"};
    layer.rotation.every = {{1, oncall::ShiftLength::Unit::day}};
    layer.rotation.start = parse_civil("2026-01-06T10:00").value();
    rota.layers = {layer};
    made->rotas[rota.name] = rota;
    return made;
  }

  /// Another configuration from now on.
  void reload(const std::function<void(Configuration&)>& change) {
    auto made = std::make_shared<Configuration>(*configuration);
    made->hash += "+";
    change(*made);
    configuration = made;
  }
  void say(const Control& fact) {
    fold_control(state.facts, fact, {now.wall, ++position, false}).value();
    lookout.hear();
  }
  void override(const std::string& id, const std::string& person, std::string_view from,
                std::string_view until, const std::string& by = "boss") {
    say(control::RotaOverride{{id}, "primary", person, at(from), at(until), by, "swapped"});
  }
  /// Somebody else, or the same after a crash, looks from now on.
  void restart() { lookout = {}; }

  void pass(Duration time) {
    now.wall += time;
    now.elapsed += time;
  }
  /// Looks until there is nothing more; what was noticed, in order: "ada: You are on call …".
  std::vector<std::string> look() {
    std::vector<std::string> told;
    for (int i = 0; i < 1'000; ++i) {
      const std::vector<Effect> effects = lookout.look(state, configuration, {now, 7});
      Direct direct(state);
      for (const Effect& effect : effects) {
        const auto& noticed = std::get<effect::Noticed>(effect);
        const Contact& contact = noticed.messages.front().contact;
        told.push_back((contact.person.empty() ? contact.channel : contact.person) + ": " +
                       noticed.title);
        last = noticed;
        apply(effect, {now, 7}, direct);
      }
      if (effects.empty() && lookout.next_in({now, 7}) != Duration::zero()) break;
    }
    return told;
  }
  /// Minute by minute.
  std::vector<std::string> watch(Duration time) {
    std::vector<std::string> told;
    for (Duration passed{}; passed < time; passed += std::chrono::minutes(1)) {
      pass(std::chrono::minutes(1));
      for (std::string& each : look()) told.push_back(std::move(each));
    }
    return told;
  }

  effect::Noticed last;
};

using Told = std::vector<std::string>;

}  // namespace tocsin::engine::tests
