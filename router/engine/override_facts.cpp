#include "router/engine/override_facts.hpp"

#include <algorithm>

namespace tocsin::engine {
namespace {

void take_out(Facts& facts, const control::RotaOverride& said) {
  const auto of_rota = facts.overrides.find(said.rota);
  if (of_rota == facts.overrides.end()) return;
  std::erase_if(of_rota->second, [&](const auto& each) { return each.id == said.id.text; });
  if (of_rota->second.empty()) facts.overrides.erase(of_rota);
}

// Where it belongs: retention may write an early one again after a later one was made.
void put_in(Facts& facts, const control::RotaOverride& said) {
  if (said.from >= said.ends()) return;
  std::vector<oncall::Override>& all = facts.overrides[said.rota];
  const auto before = [&](const oncall::Override& each) {
    return facts.made_overrides.find(each.id)->second.said.made < said.made;
  };
  auto place = all.end();
  while (place != all.begin() && !before(*std::prev(place))) --place;
  all.insert(place, {said.person, said.from, said.ends(), said.why, said.id.text, said.by});
}

void end_at(control::RotaOverride& said, const control::RotaOverrideEnded& ended) {
  if (said.ended_at || ended.at >= said.until) return;
  said.ended_at = ended.at;
  said.ended_by = ended.by;
}

// By the record's own time, so that every node forgets the same.
void forget_over(Facts& facts, WallTime before) {
  std::erase_if(facts.made_overrides, [&](const auto& each) {
    if (each.second.said.ends() >= before) return false;
    take_out(facts, each.second.said);
    return true;
  });
}

bool is_full(const Facts& facts, const std::string& rota) {
  const auto of_rota = facts.overrides.find(rota);
  return facts.made_overrides.size() >= kMostOverrides ||
         (of_rota != facts.overrides.end() && of_rota->second.size() >= kMostOverridesOfRota);
}

}  // namespace

Status make_override(Facts& facts, control::RotaOverride said, const Fact& fact) {
  const auto known = facts.made_overrides.find(said.id.text);
  if (known != facts.made_overrides.end()) {
    known->second.anchor = fact.position;
    return ok();
  }
  if (!fact.carried) {
    if (said.until <= said.from) return invalid("the override ends before it begins");
    if (said.until - said.from > kLongestOverride)
      return invalid("an override of more than " + format_duration(kLongestOverride) +
                     " belongs into the configuration");
    said.ended_at.reset();
    said.ended_by.clear();
    said.made = 0;
  }
  if (said.made == 0) {
    said.made = fact.position;
    said.made_at = fact.recorded_at;
  }
  forget_over(facts, fact.recorded_at - kEndedOverrideKept);
  // Rather no history than nobody new.
  if (is_full(facts, said.rota)) forget_over(facts, fact.recorded_at);
  if (is_full(facts, said.rota))
    return refused("rota " + said.rota + " has " + std::to_string(kMostOverridesOfRota) +
                   " overrides already, or all of them have " + std::to_string(kMostOverrides) +
                   "; end some first");
  // It was ended after this was written down, and before it stood here.
  if (const auto early = facts.early_override_ends.find(said.id.text);
      early != facts.early_override_ends.end()) {
    end_at(said, early->second);
    facts.early_override_ends.erase(early);
  }
  put_in(facts, facts.made_overrides.emplace(said.id.text, KeptOverride{said, fact.position})
                    .first->second.said);
  ++facts.override_changes;
  return ok();
}

Status end_override(Facts& facts, const control::RotaOverrideEnded& said) {
  const auto found = facts.made_overrides.find(said.id.text);
  if (found == facts.made_overrides.end()) {
    if (facts.early_override_ends.size() < kMostEarlyEnds)
      facts.early_override_ends.insert_or_assign(said.id.text, said);
    return not_found("there is no override " + said.id.text);
  }
  take_out(facts, found->second.said);
  end_at(found->second.said, said);
  put_in(facts, found->second.said);
  ++facts.override_changes;
  return ok();
}

}  // namespace tocsin::engine
