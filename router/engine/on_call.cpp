#include "router/engine/on_call.hpp"

#include <algorithm>

#include "router/engine/acknowledging.hpp"
#include "router/engine/drill.hpp"
#include "router/oncall/reach.hpp"

namespace tocsin::engine {
namespace {

constexpr std::size_t kMostSentences = 4;
/// So far ahead is it looked for the next who is on call: it is only told.
constexpr Duration kLookAhead = std::chrono::hours(24 * 62);

std::string nobody_on_call(const oncall::Rota& rota, const Present& present) {
  oncall::Shift gap = oncall::shift_at(present.roster(), rota.name, present.now, kLookAhead);
  gap.on_call = {};
  if (gap.until - present.now >= kLookAhead) gap.until = WallTime::max();  // nobody knows
  return oncall::sentence(rota, gap);
}

/// Finding out until when nobody is on call takes longer than that nobody is.
enum class Words { none, all };

// One step at one moment, target by target.
class Reaching {
 public:
  Reaching(const Incident& incident, const Present& present, Words words, Reached& reached)
      : incident_(incident),
        present_(present),
        words_(words),
        reached_(reached),
        at_(present.now) {}

  void target(const Target& target) {
    switch (target.kind) {
      case Target::Kind::person:
        return person(target.name, "");
      case Target::Kind::channel:
        if (present_.configuration.directory.channels.contains(target.name))
          return add({{"", target.name, ""}, {}}, "");
        return nobody("channel " + target.name + " is not configured any more");
      case Target::Kind::rota:
        return rota(target.name);
    }
  }

 private:
  void rota(const std::string& name) {
    const auto rota = present_.configuration.rotas.find(name);
    if (rota == present_.configuration.rotas.end())
      return nobody("rota " + name + " is not configured any more");
    if (std::string why = why_not_by_rota(incident_.realm, name, present_.configuration);
        !why.empty())
      return nobody(std::move(why));
    const oncall::OnCall on_call = oncall::on_call(present_.roster(), name, at_);
    if (on_call.person.empty())
      return nobody(words_ == Words::all ? nobody_on_call(rota->second, present_) : name);
    person(on_call.person, name);
  }

  void person(const std::string& name, const std::string& rota) {
    const std::string who = rota.empty() ? name : name + ", on call in " + rota + ",";
    if (has_acknowledged(incident_, name)) {
      reached_.has_people = true;
      return nobody(who + " has acknowledged");
    }
    const auto known = present_.configuration.directory.people.find(name);
    if (known == present_.configuration.directory.people.end())
      return nobody(who + " is not configured any more");
    std::vector<oncall::Due> contacts =
        oncall::ways_of(known->second, incident_.decision->severity, present_.now);
    if (contacts.empty())
      return nobody(who + (oncall::contacts_of(known->second).empty()
                               ? " has no contact"
                               : " has quiet hours without an end"));
    reached_.has_people = true;
    for (oncall::Due& due : contacts) add(std::move(due), rota);
  }

  void add(oncall::Due due, const std::string& rota) {
    const auto same =
        std::find_if(reached_.contacts.begin(), reached_.contacts.end(),
                     [&](const Reached::To& to) { return to.due.contact == due.contact; });
    if (same == reached_.contacts.end()) {
      reached_.contacts.push_back({std::move(due), rota});
      return;
    }
    if (due.after < same->due.after) same->due = std::move(due);
    if (same->rota.empty()) same->rota = rota;
  }

  void nobody(std::string why) { reached_.nobody.push_back(std::move(why)); }

  const Incident& incident_;
  const Present& present_;
  const Words words_;
  Reached& reached_;
  oncall::At at_;
};

std::string why_not_taken(const StepOnly& only, Severity severity, WallTime now) {
  const auto& severities = only.severities;
  if (!severities.empty() &&
      std::find(severities.begin(), severities.end(), severity) == severities.end()) {
    std::string names;
    for (const Severity each : severities)
      names += (names.empty() ? "" : " and ") + std::string(to_string(each));
    return "it is only for " + names;
  }
  const bool within =
      only.hours.empty() || std::any_of(only.hours.begin(), only.hours.end(),
                                        [&](const Schedule& hours) { return hours.covers(now); });
  return within ? "" : "it is outside its hours";
}

Reached look_at(const Step& step, const Incident& incident, std::optional<std::uint32_t> first,
                const Present& present, Words words) {
  Reached reached;
  if (std::string why = why_not_taken(step.only, incident.decision->severity, present.now);
      !why.empty()) {
    reached.nobody.push_back(std::move(why));
    return reached;
  }
  reached.wants_people = std::any_of(step.page.begin(), step.page.end(), [](const Target& target) {
    return target.kind != Target::Kind::channel;
  });
  Reaching reaching(incident, present, words, reached);
  if (!first) {
    for (const Target& target : step.page) reaching.target(target);
    return reached;
  }
  const auto all = static_cast<std::uint32_t>(step.page.size());
  for (std::uint32_t i = 0; i < all && reached.contacts.empty(); ++i) {
    reached.target = (*first % all + i) % all;
    reaching.target(step.page[*reached.target]);
  }
  return reached;
}

struct Roll {  // of a whole policy, each of its targets called
  bool nobody = false;
  std::vector<std::string> why;
};

Roll call_roll(const Policy& policy, const Incident& incident, const Present& present,
               Words words) {
  Roll roll;
  bool wants_people = false, any = false;
  for (const Step& step : policy.steps) {
    Reached reached = look_at(step, incident, std::nullopt, present, words);
    if (reached.has_people) return {};
    wants_people = wants_people || reached.wants_people;
    any = any || !reached.contacts.empty();
    for (std::string& why : reached.nobody) roll.why.push_back(std::move(why));
  }
  roll.nobody = !policy.steps.empty() && (wants_people || !any);
  return roll;
}

}  // namespace

Reached reach_of(const Step& step, const Incident& incident, std::uint32_t first,
                 const Present& present) {
  return look_at(step, incident, step.round_robin ? std::optional(first) : std::nullopt, present,
                 Words::all);
}

bool has_nobody(const Policy& policy, const Incident& incident, const Present& present) {
  return call_roll(policy, incident, present, Words::none).nobody;
}

std::string why_nobody(const Policy& policy, const Incident& incident, const Present& present) {
  return joined(call_roll(policy, incident, present, Words::all).why);
}

std::string joined(const std::vector<std::string>& sentences) {
  std::vector<std::string> each;
  for (const std::string& sentence : sentences)
    if (std::find(each.begin(), each.end(), sentence) == each.end()) each.push_back(sentence);
  std::string text;
  for (std::size_t i = 0; i < std::min(each.size(), kMostSentences); ++i)
    text += (i ? "; " : "") + each[i];
  if (each.size() > kMostSentences)
    text += "; and " + std::to_string(each.size() - kMostSentences) + " more";
  return text;
}

}  // namespace tocsin::engine
