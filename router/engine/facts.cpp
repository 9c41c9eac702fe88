#include "router/engine/facts.hpp"

#include <algorithm>

#include "router/engine/contact_facts.hpp"
#include "router/engine/override_facts.hpp"

namespace tocsin::engine {
namespace {

struct FoldControl {
  Facts& facts;
  const Fact& fact;

  Status operator()(const control::Silence& said) {
    const auto known = facts.silences.find(said.id.text);
    if (fact.carried && known != facts.silences.end()) {
      known->second.anchor = fact.position;
      return ok();
    }
    TOCSIN_TRY(rules::Silence silence, rules::make_silence(said));
    forget_ended();
    const bool is_new = !facts.silences.contains(said.id.text);
    if (is_new && facts.silences.size() >= kMostSilences)
      return refused("there are " + std::to_string(kMostSilences) +
                     " silences already; end some first");
    facts.silences.insert_or_assign(said.id.text,
                                    KeptSilence{std::move(silence), said, fact.position});
    ++facts.silence_changes;
    return ok();
  }

  Status operator()(const control::SilenceEnded& ended) {
    const auto found = facts.silences.find(ended.id.text);
    if (found == facts.silences.end()) return not_found("there is no silence " + ended.id.text);
    KeptSilence& kept = found->second;
    // One that has not begun never covered anything; its beginning goes with it.
    kept.said.starts_at = std::min(kept.said.starts_at, ended.at);
    kept.said.ends_at = std::min(kept.said.ends_at, ended.at);
    kept.silence.starts_at = kept.said.starts_at;
    kept.silence.ends_at = kept.said.ends_at;
    ++facts.silence_changes;
    return ok();
  }

  // Whoever folds it hears it; nothing is kept.
  Status operator()(const control::Beat&) { return ok(); }
  Status operator()(const control::Configuration& kept) {
    for (KeptConfiguration& known : facts.configurations)
      if (known.hash == kept.hash) {
        known.anchor = fact.position;
        return ok();
      }
    facts.configurations.push_back(
        {kept.hash, std::make_shared<const std::string>(kept.body), fact.position});
    std::size_t bytes = 0;
    for (const KeptConfiguration& each : facts.configurations) bytes += each.body->size();
    // The latest always stays, however large.
    while (facts.configurations.size() > 1 &&
           (facts.configurations.size() > kMostConfigurationsKept ||
            bytes > kMostConfigurationBytesKept)) {
      bytes -= facts.configurations.front().body->size();
      facts.configurations.pop_front();
    }
    return ok();
  }

  Status operator()(const control::GamedayOn& said) {
    std::deque<KeptRun>& runs = facts.gamedays[said.set];
    if (fact.carried) return carry(said.set, runs, said.run);
    gameday::Run run = said.run;
    run.length = std::min(run.length, said.longest);
    ++facts.gameday_changes;
    if (!runs.empty() && !gameday::is_over(runs.back().run, run.said)) {
      gameday::Run& known = runs.back().run;
      runs.back().anchor = fact.position;
      if (known.starts_at > run.said.wall) {  // it has not begun: this one takes its place
        run.number = known.number;
        known = std::move(run);
        return ok();
      }
      // It is on, and goes on; only its end is another.
      known.length = std::clamp(run.ends_at() - known.starts_at, Duration::zero(), said.longest);
      known.team = std::move(run.team);
      known.people = std::move(run.people);
      return ok();
    }
    // Where the runs before it are not known, the number is what whoever asked for it knew.
    run.number = std::max<std::uint32_t>(run.number, runs.empty() ? 1 : runs.back().run.number + 1);
    run.ending.reset();
    runs.push_back({std::move(run), fact.position});
    while (runs.size() > gameday::kMostRunsKept) runs.pop_front();
    return ok();
  }

  Status operator()(const control::GamedayEnded& said) {
    const auto found = facts.gamedays.find(said.set);
    if (found == facts.gamedays.end() || found->second.empty()) {
      if (facts.early_ends.size() < kMostEarlyEnds)
        facts.early_ends.insert_or_assign(said.set, said);
      return ok();
    }
    KeptRun& last = found->second.back();
    const bool meant = said.run == 0 || said.run == last.run.number;
    // Whether its time is over already is for nobody's clock to say here: a stop is a stop.
    if (!meant || last.run.ending) return ok();
    last.run.ending = said.ending;
    last.anchor = fact.position;
    ++facts.gameday_changes;
    return ok();
  }

  Status operator()(const control::RotaOverride& said) { return make_override(facts, said, fact); }
  Status operator()(const control::RotaOverrideEnded& said) { return end_override(facts, said); }
  Status operator()(const control::ContactTest& said) {
    return keep_contact_test(facts, said, fact);
  }
  Status operator()(const control::ContactProved& said) { return keep_proof(facts, said, fact); }

  Status carry(const std::string& set, std::deque<KeptRun>& runs, gameday::Run run) {
    const auto known = std::find_if(runs.begin(), runs.end(), [&](const KeptRun& kept) {
      return kept.run.number >= run.number;
    });
    if (known != runs.end() && known->run.number == run.number) {
      known->anchor = fact.position;
      return ok();
    }
    // It was stopped after this was written down, and before it stood here.
    const auto early = facts.early_ends.find(set);
    if (early != facts.early_ends.end() && !run.ending &&
        (early->second.run == 0 || early->second.run == run.number) &&
        early->second.ending.at >= run.said.wall)
      run.ending = early->second.ending;
    runs.insert(known, {std::move(run), fact.position});
    while (runs.size() > gameday::kMostRunsKept) runs.pop_front();
    ++facts.gameday_changes;
    return ok();
  }

  // By the record's own time, so that every node forgets the same.
  void forget_ended() {
    std::erase_if(facts.silences, [&](const auto& each) {
      return each.second.said.ends_at + kEndedSilenceKept < fact.recorded_at;
    });
  }
};

}  // namespace

const KeptSilence* Facts::find_silence(std::string_view id) const {
  const auto found = silences.find(id);
  return found == silences.end() ? nullptr : &found->second;
}

const gameday::Run* Facts::find_on(std::string_view set, const Instant& now) const {
  const auto found = gamedays.find(set);
  if (found == gamedays.end() || found->second.empty()) return nullptr;
  const gameday::Run& last = found->second.back().run;
  return gameday::is_on(last, now) ? &last : nullptr;
}

const gameday::Run* Facts::find_run(std::string_view set, std::uint32_t number) const {
  const auto found = gamedays.find(set);
  if (found == gamedays.end()) return nullptr;
  for (const KeptRun& kept : found->second)
    if (kept.run.number == number) return &kept.run;
  return nullptr;
}

std::shared_ptr<const std::string> Facts::configuration(std::string_view hash) const {
  const auto found = std::find_if(configurations.begin(), configurations.end(),
                                  [&](const KeptConfiguration& kept) { return kept.hash == hash; });
  return found == configurations.end() ? nullptr : found->body;
}

Status fold_control(Facts& facts, const Control& control, const Fact& fact) {
  return std::visit(FoldControl{facts, fact}, control);
}

std::vector<Control> facts_to_carry(const Facts& facts, Position through, WallTime now,
                                    const std::set<std::string>& wanted) {
  std::vector<Control> carried;
  for (const auto& [id, kept] : facts.silences)
    if (kept.anchor <= through && kept.said.ends_at > now) carried.emplace_back(kept.said);
  for (const KeptConfiguration& kept : facts.configurations)
    if (kept.anchor <= through && wanted.contains(kept.hash))
      carried.emplace_back(control::Configuration{kept.hash, *kept.body});
  for (const auto& [set, runs] : facts.gamedays)
    for (const KeptRun& kept : runs)
      if (kept.anchor <= through)
        carried.emplace_back(control::GamedayOn{set, kept.run, gameday::kLongestOfAll});
  for (const auto& [id, kept] : facts.made_overrides)
    if (kept.anchor <= through && kept.said.ends() + kEndedOverrideKept > now)
      carried.emplace_back(kept.said);
  for (const auto& [contact, kept] : facts.proofs)
    if (kept.anchor <= through) carried.emplace_back(kept.said);
  return carried;
}

}  // namespace tocsin::engine
