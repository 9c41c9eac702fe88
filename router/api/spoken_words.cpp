#include "router/api/spoken_words.hpp"

#include <algorithm>

#include "router/core/text.hpp"
#include "router/engine/acknowledging.hpp"
#include "router/gameday/set.hpp"

namespace tocsin::api {
namespace {

using connectors::Ended;
using connectors::Wish;

constexpr std::size_t kLeastCodeBytes = 5;
constexpr std::size_t kMostListed = 5;
constexpr std::size_t kMostTitleBytes = 60;
constexpr std::size_t kMostTypedBytes = 20;

std::string minute(WallTime time) {
  constexpr std::size_t kFrom = 11, kBytes = 5;
  return format_rfc3339(time).substr(kFrom, kBytes) + " UTC";
}

std::string sentence(std::string text) {
  if (text.empty()) return text;
  if (text.front() >= 'a' && text.front() <= 'z')
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text.ends_with('.') ? text : text + ".";
}

std::vector<Wish> still(const engine::Incident& incident) {
  switch (incident.state) {
    case engine::IncidentState::open:
      return {Wish::acknowledge, Wish::resolve, Wish::escalate, Wish::snooze};
    case engine::IncidentState::acknowledged:
      return {Wish::resolve, Wish::escalate};
    case engine::IncidentState::resolved:
      break;
  }
  return {};
}

/// A drill is marked first thing.
std::string mark_of(const engine::Incident& i) {
  return i.realm.is_production() ? "" : gameday::mark(i.realm.gameday) + " ";
}
std::string title_of(const engine::Incident& i) {
  const std::string mark = mark_of(i), title = one_line(i.title);
  return title.starts_with(mark) ? title : mark + title;
}

std::string code_of(const engine::Incident& incident, const std::vector<engine::Incident>& others) {
  const std::string& id = incident.id.text;
  std::size_t length = std::min(kLeastCodeBytes, id.size());
  const auto same = [&](const engine::Incident& other) {
    return other.id != incident.id && other.id.text.starts_with(id.substr(0, length));
  };
  while (length < id.size() && std::any_of(others.begin(), others.end(), same)) ++length;
  return id.substr(0, length);
}

}  // namespace

std::string state_in_words(const engine::Incident& i) {
  if (i.state == engine::IncidentState::resolved)
    return "Resolved" + (i.resolved_by.empty() ? std::string() : " by " + i.resolved_by) +
           (i.resolved_at ? " at " + minute(*i.resolved_at) : "");
  if (i.state == engine::IncidentState::acknowledged) {
    std::string text = i.snoozed ? "Snoozed" : "Acknowledged";
    if (!i.acknowledged_by.empty()) text += " by " + i.acknowledged_by;
    if (i.acknowledged_at) text += " at " + minute(*i.acknowledged_at);
    if (const auto until = engine::acknowledged_until(i)) text += ", until " + minute(*until);
    return text;
  }
  std::vector<std::string> have;
  for (const engine::Acknowledgement& each : i.acknowledgements) have.push_back(each.by);
  if (have.empty()) return "Open";
  return "Acknowledged by " + engine::names(have) + "; it waits for " +
         engine::names(engine::waiting_for(i));
}

Ended ended(const engine::Incident& after, Wish wish, const std::string& by,
            const std::string& why) {
  Ended said{Ended::How::done, {}, state_in_words(after), still(after)};
  if (wish == Wish::escalate)
    said.state = "Escalated by " + by +
                 (after.state == engine::IncidentState::open ? "" : "; " + said.state);
  said.sentence = mark_of(after) + sentence(said.state);
  if (!why.empty()) said.sentence += " " + sentence(why);
  return said;
}

Ended is_over(const engine::Incident& incident) {
  const std::string state = state_in_words(incident);
  return {Ended::How::over, title_of(incident) + " is over already. " + sentence(state), state, {}};
}

Ended not_now(const std::string& why) {
  return {Ended::How::again, "Not done yet: " + why + ". Please try again.", {}, {}};
}

Ended stranger(const std::string& name, const std::string& channel) {
  return {Ended::How::stranger,
          "Nothing was done: tocsin does not know who " + one_line(name) +
              " is. It is the contact of a person on channel " + channel +
              " that says so, in tocsin's configuration. Until then, use the link of the page.",
          {},
          {}};
}

Ended which_of(const std::vector<engine::Incident>& incidents, const std::string& asked) {
  if (incidents.empty())
    return {Ended::How::over,
            asked.empty() ? "Nothing is open that you were paged for."
                          : "Nothing is open with the code " +
                                cut(one_line(asked), kMostTypedBytes) + " that you were paged for.",
            {},
            {}};
  Ended said{
      Ended::How::unclear, "Reply 1 and a code to acknowledge, R and a code to resolve:", {}, {}};
  for (std::size_t n = 0; n < incidents.size() && n < kMostListed; ++n)
    said.sentence += "\n" + code_of(incidents[n], incidents) + " " +
                     cut(one_line(title_of(incidents[n])), kMostTitleBytes);
  if (incidents.size() > kMostListed)
    said.sentence += "\nand " + std::to_string(incidents.size() - kMostListed) + " more";
  return said;
}

}  // namespace tocsin::api
