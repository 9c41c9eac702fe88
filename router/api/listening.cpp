#include "router/api/listening.hpp"

#include <algorithm>

#include "router/api/answers.hpp"
#include "router/api/press_token.hpp"
#include "router/api/spoken_words.hpp"
#include "router/core/digest.hpp"
#include "router/core/problem.hpp"

namespace tocsin::api {
namespace {

using connectors::Ended;
using connectors::Hearing;
using connectors::Wish;

constexpr std::size_t kMostLookedAt = 1'000;

/// As it is compared: "+353 (87) 123-4567" is a number, "@Ada" a name.
std::string bare(std::string_view address) {
  const bool number = address.starts_with('+');
  std::string text;
  for (const char c : address) {
    if (number && (c == ' ' || c == '-' || c == '(' || c == ')' || c == '.')) continue;
    text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text.starts_with('@') ? text.substr(1) : text;
}

bool is_one_of(std::string_view address, const std::vector<std::string>& addresses) {
  const std::string wanted = bare(address);
  return !wanted.empty() && std::any_of(addresses.begin(), addresses.end(),
                                        [&](const auto& each) { return bare(each) == wanted; });
}

CommandKind kind_of(Wish wish) {
  return wish == Wish::resolve    ? CommandKind::resolve
         : wish == Wish::escalate ? CommandKind::escalate
         : wish == Wish::snooze   ? CommandKind::snooze
                                  : CommandKind::acknowledge;
}

bool is_page(const engine::MessageState& message) { return message.kind == MessageKind::page; }

bool was_paged(const engine::Incident& incident, const std::vector<std::string>& people) {
  return std::any_of(incident.messages.begin(), incident.messages.end(), [&](const auto& message) {
    return is_page(message) &&
           std::find(people.begin(), people.end(), message.contact.person) != people.end();
  });
}

HttpResponse refused_as(const Error& error) {
  return problem(error.kind == ErrorKind::refused ? 401 : 400, error.message);
}

}  // namespace

/// One request on its way to its answer.
struct Listening::Talk {
  std::shared_ptr<const HeardChannels> channels;  // keeps `heard` alive
  const Heard* heard = nullptr;
  std::string channel;
  HttpRequest request;
  std::string url;
  WallTime now{};
  HttpReply reply;
  connectors::Spoken spoken = {};
  std::vector<std::string> people = {};  // who it can be; most often one
  std::string link_person = {};          // by a page's link: who was given it …
  MessageId link_message = {};           // … and in which message
  bool by_link = false;

  Hearing hearing() const { return {request, heard->settings, url, now}; }
  std::string digest() const {
    return hex(sha256(channel + "\n" + request.path + "\n" + request.body));
  }
};

Listening::Listening(engine::Commands& owner, const Clock& clock, const History& history,
                     ListeningDeps deps)
    : owner_(owner), clock_(clock), history_(history), deps_(std::move(deps)) {}

void Listening::replace(std::shared_ptr<const HeardChannels> channels) {
  const std::lock_guard lock(mutex_);
  channels_ = std::move(channels);
}

std::shared_ptr<const HeardChannels> Listening::channels() const {
  const std::lock_guard lock(mutex_);
  return channels_;
}

std::shared_ptr<Listening::Talk> Listening::talk(const HttpRequest& request,
                                                 const std::string& channel,
                                                 HttpReply reply) const {
  auto all = channels();
  const auto found = all->find(channel);
  if (found == all->end() || !found->second.ear) return nullptr;
  const Heard* const heard = &found->second;
  return std::make_shared<Talk>(Talk{std::move(all), heard, channel, request,
                                     deps_.whole(request.path), clock_.now().wall,
                                     std::move(reply)});
}

void Listening::take(const HttpRequest& request, HttpReply reply) {
  const std::string& channel = request.matches.at(0);
  const auto talk = this->talk(request, channel, reply);
  if (!talk) return reply(problem(404, "no channel of this name brings answers"));
  auto spoken = talk->heard->ear->hear(talk->hearing());
  if (!spoken) return reply(refused_as(spoken.error()));
  talk->spoken = std::move(*spoken);
  if (talk->spoken.wish == Wish::nothing) return finish(talk, {});
  if (talk->spoken.press.empty()) {
    talk->people = people_at(*talk);
    if (talk->people.empty()) return finish(talk, stranger(talk->spoken.name, channel));
    return by_code(talk);
  }
  const auto incident = verify_press(talk->spoken.press, deps_.secret(), talk->now);
  if (!incident && incident.error().kind == ErrorKind::invalid && !talk->heard->ear->signs)
    return reply(problem(401, incident.error().message));
  talk->people = people_at(*talk);
  if (talk->people.empty()) return finish(talk, stranger(talk->spoken.name, channel));
  if (!incident) return finish(talk, {Ended::How::over, incident.error().message, {}, {}});
  by_id(talk, incident->text);
}

bool Listening::take(const HttpRequest& request, const PageLink& link,
                     const engine::Incident& incident, const HttpReply& reply) {
  const auto& messages = incident.messages;
  const auto message = std::find_if(messages.begin(), messages.end(),
                                    [&](const auto& each) { return each.id == link.message; });
  const auto talk =
      message == messages.end() ? nullptr : this->talk(request, message->contact.channel, reply);
  if (!talk) return false;
  auto spoken = talk->heard->ear->hear(talk->hearing());
  if (!spoken) {
    reply(refused_as(spoken.error()));
    return true;
  }
  talk->spoken = std::move(*spoken);
  talk->link_person = link.person;
  talk->link_message = link.message;
  talk->by_link = true;
  if (talk->spoken.wish == Wish::nothing) {
    finish(talk, {});
    return true;
  }
  talk->people = people_at(*talk);
  if (talk->people.empty())
    talk->people = {link.person.empty() ? "someone with the page's link" : link.person};
  by_id(talk, link.incident.text);
  return true;
}

std::optional<Result<std::optional<Attempt>>> Listening::receipt(const HttpRequest& request,
                                                                 const std::string& channel) const {
  const auto talk = this->talk(request, channel, {});
  if (!talk || !talk->heard->ear->receipt) return std::nullopt;
  return talk->heard->ear->receipt(talk->hearing());
}

std::vector<std::string> Listening::people_at(const Talk& talk) const {
  std::vector<std::string> people;
  const auto configuration = deps_.configuration ? deps_.configuration() : nullptr;
  if (!configuration) return people;
  for (const auto& [name, person] : configuration->directory.people)
    for (const oncall::Way& way : person.contacts.empty() ? person.notify : person.contacts) {
      const auto channel = talk.channels->find(way.channel);
      if (channel == talk.channels->end() || channel->second.type != talk.heard->type) continue;
      if (!is_one_of(way.address, talk.spoken.addresses)) continue;
      people.push_back(name);
      break;
    }
  return people;
}

// Of those that they were paged for: with a code by it, without one the only one that their address
// had a page of.
void Listening::by_code(const std::shared_ptr<Talk>& talk) {
  using engine::IncidentState;
  engine::IncidentQuery query;
  query.states = {IncidentState::open, IncidentState::acknowledged};
  query.limit = kMostLookedAt;
  const std::string code = base32_typed(talk->spoken.code);
  const bool acknowledges = talk->spoken.wish == Wish::acknowledge;
  std::vector<engine::Incident> all, meant;
  for (engine::IncidentView& view : owner_.state().list(query).incidents) {
    engine::Incident& incident = view.incident;
    if (!was_paged(incident, talk->people)) continue;
    const bool here =
        std::any_of(incident.messages.begin(), incident.messages.end(), [&](const auto& message) {
          return is_page(message) && is_one_of(message.contact.address, talk->spoken.addresses);
        });
    const bool waits = !acknowledges || incident.state == IncidentState::open;
    if (code.empty() ? here && waits : incident.id.text.starts_with(code))
      meant.push_back(incident);
    all.push_back(std::move(incident));
  }
  if (talk->spoken.wish == Wish::unclear) return finish(talk, which_of(all, ""));
  if (meant.size() == 1) return by_id(talk, meant.front().id.text);
  if (meant.empty() && code.empty()) return finish(talk, which_of({}, ""));
  if (meant.empty() && all.empty()) return finish(talk, which_of({}, talk->spoken.code));
  finish(talk, which_of(meant.empty() ? all : meant, talk->spoken.code));
}

void Listening::by_id(const std::shared_ptr<Talk>& talk, const std::string& id) {
  const auto found = history_.find(id);
  if (!found && found.error().kind != ErrorKind::not_found)
    return finish(talk, not_now(found.error().message));
  if (!found)
    return finish(talk, {Ended::How::over, "Nobody knows this incident any more.", {}, {}});
  const engine::Incident& incident = found->view.incident;
  if (!found->in_memory || incident.state == engine::IncidentState::resolved)
    return finish(talk, is_over(incident));
  carry_out(talk, found->view);
}

void Listening::carry_out(const std::shared_ptr<Talk>& talk, const engine::IncidentView& view) {
  const engine::Incident& incident = view.incident;
  // Of two who share a telephone: who was paged.
  for (const std::string& person : talk->people)
    if (was_paged(incident, {person})) {
      std::swap(talk->people.front(), *std::find(talk->people.begin(), talk->people.end(), person));
      break;
    }
  const std::string by = talk->people.front();
  const Wish wish = talk->spoken.wish;
  if (!is_new(talk->digest())) return finish(talk, ended(incident, wish, by, ""));
  Command command{kind_of(wish), incident.id, by, talk->heard->type};
  if (wish == Wish::snooze) command.length = kSnoozeByButton;
  // Whoever says it from there has shown that the contact works.
  command.message = talk->link_message;
  for (const engine::MessageState& message : incident.messages)
    if (!talk->by_link && is_page(message) && message.contact.person == by &&
        message.contact.channel == talk->channel &&
        is_one_of(message.contact.address, talk->spoken.addresses))
      command.message = message.id;
  owner_.submit(
      view, command, kListeningPatience,
      [this, talk, wish, by, before = incident](const engine::CommandAnswer& answer) {
        using What = engine::CommandAnswer::What;
        if (answer.what != What::done) forget(talk->digest());
        if (answer.what == What::not_confirmed) return finish(talk, not_now(answer.why));
        const auto after = owner_.state().find(before.id.text);
        const engine::Incident& now = after ? after->incident : before;
        if (answer.what == What::done) return finish(talk, ended(now, wish, by, answer.why));
        if (now.state == engine::IncidentState::resolved) return finish(talk, is_over(now));
        finish(talk, {Ended::How::again, "Nothing was done: " + answer.why + ".", {}, {}});
      });
}

void Listening::finish(const std::shared_ptr<Talk>& talk, const Ended& ended) const {
  connectors::Echo echo = talk->heard->ear->answer(talk->hearing(), ended);
  talk->reply(std::move(echo.response));
  if (echo.then && deps_.follow_up) deps_.follow_up(talk->channel, *echo.then);
}

bool Listening::is_new(const std::string& request) {
  const std::lock_guard lock(mutex_);
  if (!known_.insert(request).second) return false;
  oldest_first_.push_back(request);
  if (oldest_first_.size() <= kMostKnownAgain) return true;
  known_.erase(oldest_first_.front());
  oldest_first_.pop_front();
  return true;
}

void Listening::forget(const std::string& request) {
  const std::lock_guard lock(mutex_);
  known_.erase(request);
  std::erase(oldest_first_, request);
}

}  // namespace tocsin::api
