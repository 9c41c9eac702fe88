#include "router/offline/expectations.hpp"

#include <algorithm>

#include "router/core/text.hpp"
#include "router/offline/explain.hpp"
#include "router/offline/schedule.hpp"

namespace tocsin::offline {
namespace {

using engine::DecidedAlert;
using engine::Rehearsal;
using engine::Told;
using settings::Expected;

constexpr std::size_t kMostTold = 6;  // messages listed in one failure
constexpr std::size_t kMostWordsBytes = 200;

std::string name_or(const std::string& name, std::string_view noun) {
  return name.empty() ? "no " + std::string(noun) : std::string(noun) + " " + name;
}

/// One thing that a decision says: what was wanted, and what it is.
struct Point {
  std::string wanted, is;
};

std::vector<Point> points(const Expected& expected, const Decision& decision) {
  std::vector<Point> all;
  const auto word = [&](std::string_view noun, const auto& wanted, const std::string& is) {
    if (wanted) all.push_back({name_or(std::string(to_string(*wanted)), noun), name_or(is, noun)});
  };
  const auto name = [&](std::string_view noun, const auto& wanted, const std::string& is) {
    if (wanted) all.push_back({name_or(*wanted, noun), name_or(is, noun)});
  };
  word("outcome", expected.outcome, std::string(to_string(decision.outcome)));
  word("severity", expected.severity, std::string(to_string(decision.severity)));
  name("rule", expected.rule, decision.rule);
  name("team", expected.team, decision.team);
  name("policy", expected.policy, decision.policy);
  name("runbook", expected.runbook, decision.runbook ? decision.runbook->name : "");
  return all;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::optional<Failure> decision_unmet(const Expected& expected, const Rehearsal& rehearsal) {
  const std::string of = expected.of.empty() ? "" : "of " + words(expected.of) + ": ";
  bool any = false;
  for (const DecidedAlert& decided : rehearsal.decided()) {
    if (!has_labels(decided.alert, expected.of)) continue;
    any = true;
    std::vector<std::string> wanted, is;
    for (const Point& point : points(expected, decided.decision)) {
      if (point.wanted == point.is) continue;
      wanted.push_back(point.wanted);
      is.push_back(point.is);
    }
    if (!wanted.empty())
      return Failure{expected.place, of + joined(wanted),
                     joined(is) + " (" + title_of(decided.alert) + ")"};
  }
  if (any) return std::nullopt;
  std::vector<std::string> wanted;
  for (const Point& point : points(expected, {})) wanted.push_back(point.wanted);
  return Failure{expected.place, of + joined(wanted), "no such alert was decided"};
}

std::string window(const Expected& expected) {
  if (expected.after) return " " + moment(*expected.after);
  std::string text;
  if (expected.from) text += " from +" + format_duration(*expected.from) + " on";
  if (expected.before) text += " before +" + format_duration(*expected.before);
  return text;
}

bool in_window(const Expected& expected, const Told& told) {
  return (!expected.after || told.after == *expected.after) &&
         (!expected.from || told.after >= *expected.from) &&
         (!expected.before || told.after < *expected.before);
}

bool is_to(const Expected& expected, const Contact& contact) {
  const std::string& name = contact.person.empty() ? contact.channel : contact.person;
  return name == expected.whom && (expected.channel.empty() || contact.channel == expected.channel);
}

std::string listed(const std::vector<const Told*>& told) {
  if (told.empty()) return "nobody is told anything";
  std::string text;
  for (std::size_t i = 0; i < std::min(told.size(), kMostTold); ++i)
    text += (i == 0 ? "" : "; ") + moment(told[i]->after) + " " +
            std::string(to_string(told[i]->kind)) + " " + whom(told[i]->contact);
  if (told.size() > kMostTold) text += "; and " + std::to_string(told.size() - kMostTold) + " more";
  return text;
}

/// The messages that went out, each once however often it had to be tried.
std::vector<const Told*> sent(const Rehearsal& rehearsal) {
  std::vector<const Told*> all;
  for (const Told& told : rehearsal.told())
    if (told.attempt == 1) all.push_back(&told);
  return all;
}

std::optional<Failure> message_unmet(const Expected& expected, const Rehearsal& rehearsal) {
  const auto all = sent(rehearsal);
  const auto count =
      static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](auto* told) {
        return told->kind == expected.kind && is_to(expected, told->contact) &&
               in_window(expected, *told);
      }));
  if (expected.times ? count == *expected.times : count > 0) return std::nullopt;
  std::string wanted = std::string(to_string(expected.kind)) + " " + expected.whom;
  if (!expected.channel.empty()) wanted += " by " + expected.channel;
  wanted += window(expected);
  if (expected.times) wanted += ", times: " + std::to_string(*expected.times);
  return Failure{expected.place, std::move(wanted),
                 (expected.times ? "times: " + std::to_string(count) + "; " : "") + listed(all)};
}

std::optional<Failure> nobody_unmet(const Expected& expected, const Rehearsal& rehearsal) {
  std::vector<const Told*> wrong;
  for (const Told* told : sent(rehearsal))
    if ((!expected.only_pages || told->kind == MessageKind::page) && in_window(expected, *told))
      wrong.push_back(told);
  if (wrong.empty()) return std::nullopt;
  return Failure{expected.place,
                 std::string("nobody is ") + (expected.only_pages ? "paged" : "told anything") +
                     window(expected),
                 listed(wrong)};
}

std::string counted(std::size_t count, const std::string& state) {
  return std::to_string(count) + (state.empty() ? "" : " " + state) +
         (count == 1 ? " incident" : " incidents");
}

std::optional<Failure> incidents_unmet(const Expected& expected, const Rehearsal& rehearsal) {
  std::size_t count = 0;
  std::string titles;
  for (const engine::IncidentView& view : rehearsal.incidents()) {
    const std::string_view state = to_string(view.incident.state);
    if (!expected.state.empty() && expected.state != state) continue;
    if (++count <= kMostTold)
      titles += (count == 1 ? ": " : "; ") + view.incident.title + " (" + std::string(state) + ")";
  }
  if (count == expected.count) return std::nullopt;
  return Failure{expected.place, counted(expected.count, expected.state),
                 counted(count, expected.state) + titles};
}

}  // namespace

bool has_labels(const Alert& alert, const settings::Labels& labels) {
  return std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
    return alert.labels.get(label.first) == label.second;
  });
}

std::string words(const settings::Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) text += (text.empty() ? "" : " ") + name + "=" + value;
  return cut(one_line(text), kMostWordsBytes);
}

std::optional<Failure> unmet(const Expected& expected, const Rehearsal& rehearsal,
                             std::size_t rejected) {
  switch (expected.what) {
    case Expected::What::decision:
      return decision_unmet(expected, rehearsal);
    case Expected::What::message:
      return message_unmet(expected, rehearsal);
    case Expected::What::nobody:
      return nobody_unmet(expected, rehearsal);
    case Expected::What::incidents:
      return incidents_unmet(expected, rehearsal);
    case Expected::What::rejected:
      break;
  }
  if (rejected == expected.count) return std::nullopt;
  return Failure{expected.place, std::to_string(expected.count) + " rejected",
                 std::to_string(rejected) + " rejected"};
}

}  // namespace tocsin::offline
