#include "router/settings/names.hpp"

namespace tocsin::settings {
namespace {

struct Words {
  std::string_view noun;
  std::string_view where;  // it is defined
};

Words words(Noun noun) {
  switch (noun) {
    case Noun::team:
      return {"team", "team"};
    case Noun::integration:
      return {"integration", "integrations"};
    case Noun::channel:
      return {"channel", "channels"};
    case Noun::person:
      return {"person", "people"};
    case Noun::rota:
      return {"rota", "rotas"};
    case Noun::policy:
      return {"policy", "policies"};
    case Noun::rule:
      return {"rule", "rules"};
    case Noun::hook:
      return {"hook", "hooks"};
    case Noun::window:
      return {"window", "windows"};
    case Noun::runbook:
      return {"runbook", "runbooks"};
    case Noun::gameday:
      return {"GameDay set", "gamedays"};
    case Noun::token:
      return {"token", "server.tokens"};
  }
  return {"name", ""};
}

}  // namespace

void Names::define(Noun noun, const std::string& name, const Place& place, Report& report) {
  const auto [first, is_new] = defined_[static_cast<std::size_t>(noun)].emplace(name, place);
  if (!is_new)
    report.fault(place, "another " + std::string(words(noun).noun) + " is called " + shown(name) +
                            " in " + short_form(first->second) + "; rename one of the two");
}

void Names::refer(Noun noun, const std::string& name, const Place& place) {
  references_.push_back({noun, name, place});
}

void Names::resolve(Report& report) const {
  std::array<std::vector<std::string>, kNouns> known;
  for (std::size_t noun = 0; noun < kNouns; ++noun)
    for (const auto& [name, place] : defined_[noun]) known[noun].push_back(name);
  std::size_t told = 0;
  for (const Reference& reference : references_) {
    const auto noun = static_cast<std::size_t>(reference.noun);
    if (defined_[noun].contains(reference.name)) continue;
    const auto [word, where] = words(reference.noun);
    const std::string remedy = "define it under " + std::string(where);
    // Looking for a neighbour is worth it only for what will be shown.
    report.fault(reference.place,
                 "no " + std::string(word) + " is called " + shown(reference.name) +
                     (++told > kMostFaults ? "; " + remedy
                                           : did_you_mean(reference.name, known[noun], remedy)));
  }
}

}  // namespace tocsin::settings
