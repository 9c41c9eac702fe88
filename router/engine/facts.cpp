#include "router/engine/facts.hpp"

#include <algorithm>

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
  return carried;
}

}  // namespace tocsin::engine
