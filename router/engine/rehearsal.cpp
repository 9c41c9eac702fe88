#include "router/engine/rehearsal.hpp"

#include <algorithm>
#include <map>

#include "router/engine/decide.hpp"
#include "router/engine/due.hpp"
#include "router/engine/expiry.hpp"
#include "router/engine/holding.hpp"

namespace tocsin::engine {
namespace {

/// Names this process in ids; any number would do, and always the same gives always the same ids.
constexpr std::uint64_t kBoot = 1;
/// As the owner does: no oftener are all alerts looked at.
constexpr Duration kSweepEvery = std::chrono::seconds(10);

std::string why_told(MessageKind kind, const std::string& ended) {
  switch (kind) {
    case MessageKind::resolved:
      return ended.empty() ? "it is over" : ended;
    case MessageKind::advice:
      return "the manual answers it, and nobody is woken";
    case MessageKind::no_procedure:
      return "nobody has written a procedure for this";
    case MessageKind::digest:
      return "it opened and ended while tocsin was away";
    case MessageKind::drill_paused:
      return "a real incident wins";
    case MessageKind::page:
    case MessageKind::hook:
    case MessageKind::bundle:
    case MessageKind::resolved_bundle:
    case MessageKind::on_call:
    case MessageKind::contact_test:
      break;
  }
  return {};
}

}  // namespace

Rehearsal::Rehearsal(std::shared_ptr<const Configuration> configuration, Instant start)
    : configuration_(std::move(configuration)), start_(start), now_(start) {}

Folded Rehearsal::fold(RecordKind kind, std::string body) {
  const Record record{kind, {kBoot, 0, ++sequence_}, now_.wall, 0, std::move(body)};
  Folded folded = engine::fold(state_, ++position_, record);
  for (const IncidentId& id : folded.touched) put(id);
  return folded;
}

void Rehearsal::put(const IncidentId& id) {
  const auto incident = state_.incidents.find(id);
  std::optional<Duration> wait;
  if (incident != state_.incidents.end()) wait = due_in(incident->second, {now_, kBoot});
  agenda_.put(id, wait ? std::optional(now_.elapsed + *wait) : std::nullopt);
}

void Rehearsal::alerts(const std::string& integration, std::vector<Alert> alerts) {
  for (auto first = alerts.begin(); first != alerts.end();) {
    const auto end = first + std::min<std::ptrdiff_t>(kMostAlertsPerRecord, alerts.end() - first);
    fold(RecordKind::alerts, encode(AlertsBody{integration, now_, {first, end}}));
    first = end;
  }
  sweep_ = true;
  settle();
}

bool Rehearsal::command(const Command& command) {
  done_ = false;
  fold(RecordKind::command, encode(command));
  settle();
  return done_;
}

void Rehearsal::gameday(const std::string& set, bool on) {
  const auto configured = configuration_->gamedays.find(set);
  if (configured == configuration_->gamedays.end()) return;
  if (on) {
    control::GamedayOn said{set, {}, configured->second.longest};
    said.run.by = "rehearsal";
    said.run.said = now_;
    said.run.starts_at = now_.wall;
    said.run.length = configured->second.longest;
    said.run.team = configured->second.team;
    fold(RecordKind::control, encode(Control{said}));
  } else {
    fold(RecordKind::control, encode(Control{control::GamedayEnded{
                                  set, {gameday::EndKind::off, "rehearsal", "", now_.wall}, 0}}));
  }
  look_at_drills();
  settle();
}

void Rehearsal::look_at_drills() {
  copies_ = sweep_ = true;
  for (const auto& [id, incident] : state_.incidents)
    if (!incident.realm.is_production() && !drill_is_over(incident)) agenda_.put(id, now_.elapsed);
}

// When the next set that is on comes to its end.
std::optional<Duration> Rehearsal::next_end_of_a_set() const {
  std::optional<Duration> next;
  for (const auto& each : configuration_->gamedays)
    if (const gameday::Run* const run = state_.facts.find_on(each.first, now_)) {
      const Duration at = now_.elapsed + (run->ends_at() - now_.wall);
      if (!next || at < *next) next = at;
    }
  return next;
}

void Rehearsal::advance(Duration by) {
  const Duration until = now_.elapsed + by;
  // Each round counts, so that even an engine that finds something due and does nothing ends.
  for (; complete_; complete_ = complete_ && ++turns_ < kMostRehearsedTurns) {
    std::optional<Duration> next = agenda_.next();
    if (next_sweep_ && (!next || *next_sweep_ < *next)) next = next_sweep_;
    const auto beginning = next_beginning(state_.facts, *configuration_, now_.wall);
    if (beginning && (!next || now_.elapsed + (*beginning - now_.wall) < *next))
      next = now_.elapsed + (*beginning - now_.wall);
    const auto end_of_set = next_end_of_a_set();
    if (end_of_set && (!next || *end_of_set < *next)) next = end_of_set;
    if (!next || *next > until) break;
    const Duration step = std::max(*next - now_.elapsed, Duration::zero());
    now_.wall += step;
    now_.elapsed += step;
    if (beginning && *beginning <= now_.wall) look_at_open();
    sweep_ = next_sweep_ && *next_sweep_ <= now_.elapsed;
    if (end_of_set && *end_of_set <= now_.elapsed) look_at_drills();
    settle();
  }
  now_.wall += until - now_.elapsed;
  now_.elapsed = until;
}

// A maintenance window begins: it may hold what is open.
void Rehearsal::look_at_open() {
  for (const auto& [id, incident] : state_.incidents)
    if (incident.state == IncidentState::open) agenda_.put(id, now_.elapsed);
}

std::optional<Turn> Rehearsal::next_turn() {
  const std::vector<IncidentId> due = agenda_.due(now_.elapsed, kMostDuePerTurn);
  std::vector<AlertId> over;
  if (sweep_) over = overdue(state_, state_.facts, *configuration_, now_, kMostAlertsPerTurn);
  sweep_ = over.size() == kMostAlertsPerTurn;
  const bool copies = std::exchange(copies_, false);
  if (state_.pending.empty() && due.empty() && over.empty() && !copies) return std::nullopt;
  // Whom each incident pages is asked, not what else has come at the same time.
  const View view{state_.facts, {}, nullptr, copies, false};
  auto turn = decide_turn(state_, view, *configuration_, {now_, kBoot}, due, over);
  if (copies && turn) {
    const auto made = std::count_if(
        turn->effects.begin(), turn->effects.end(),
        [](const Effect& effect) { return std::holds_alternative<effect::Drilled>(effect); });
    copies_ = static_cast<std::size_t>(made) >= kMostCopiesPerTurn;
  }
  // What turned out not to be due yet is put where it belongs; the fold of the turn puts the rest.
  for (const IncidentId& id : due) put(id);
  return turn;
}

void Rehearsal::settle() {
  const bool swept = sweep_;
  while (complete_) {
    const auto turn = next_turn();
    if (!turn) break;
    std::vector<DecidedAlert> decided = decided_by(*turn);
    const Folded folded = fold(RecordKind::turn, encode(*turn));
    TOCSIN_CHECK(folded.turn, "a rehearsal's turns follow each other");
    copies_ = copies_ || (!folded.decided.empty() && next_end_of_a_set());
    remember(std::move(decided));
    learn(*turn);
    for (const AttemptRef& started : folded.started) attempt(started);
    complete_ = ++turns_ < kMostRehearsedTurns && told_.size() < kMostRehearsedMessages;
  }
  if (swept) plan_sweep();
}

// Only a sender that is heard no more leaves alerts for the time to end; the others' are ended when
// it is heard.
void Rehearsal::plan_sweep() {
  next_sweep_.reset();
  for (const auto& [id, alert] : state_.alerts) {
    if (alert.alert.status != AlertStatus::firing || !alert.alert.ends_at) continue;
    const auto rules = configuration_->integrations.find(alert.integration);
    const Duration stale = rules == configuration_->integrations.end()
                               ? IntegrationRules{}.resolve_after
                               : rules->second.resolve_after;
    const Duration holds = std::max(*alert.alert.ends_at - alert.heard.wall, Duration::zero());
    const Duration at = std::max(alert.heard.elapsed + holds + stale, now_.elapsed + kSweepEvery);
    if (!next_sweep_ || at < *next_sweep_) next_sweep_ = at;
  }
}

// Why a message was planned stands in the turn that planned it, and nowhere else.
void Rehearsal::learn(const Turn& turn) {
  std::map<IncidentId, std::string> ended;
  for (const Effect& effect : turn.effects) {
    if (const auto* e = std::get_if<effect::Opened>(&effect)) opened_.push_back(e->incident);
    if (const auto* e = std::get_if<effect::Resolved>(&effect))
      ended[e->incident] = e->by.empty() ? e->why : "resolved by " + e->by;
    if (const auto* e = std::get_if<effect::Told>(&effect))
      for (const PlannedMessage& message : e->messages)
        places_[message.id] = {"", why_told(message.kind, ended[e->incident])};
    if (const auto* e = std::get_if<effect::Stepped>(&effect))
      for (const PlannedMessage& message : e->messages)
        places_[message.id] = {policy_of(*e), e->why};
    if (const auto* e = std::get_if<effect::Remedied>(&effect))
      places_[e->message] = {"", "tried before anybody is paged"};
    if (const auto* e = std::get_if<effect::Answered>(&effect)) done_ = e->done;
  }
}

std::string Rehearsal::policy_of(const effect::Stepped& step) const {
  const auto incident = state_.incidents.find(step.incident);
  if (incident == state_.incidents.end()) return {};
  return step.fallback ? incident->second.fallback->name : incident->second.policy->name;
}

// The inputs that a turn speaks of are there until it is folded.
std::vector<DecidedAlert> Rehearsal::decided_by(const Turn& turn) {
  std::vector<DecidedAlert> decided;
  for (const Effect& effect : turn.effects) {
    if (const auto* const drilled = std::get_if<effect::Drilled>(&effect))
      drilled_.push_back(*drilled);
    const auto* const d = std::get_if<effect::Decided>(&effect);
    const auto* const i = std::get_if<effect::Ignored>(&effect);
    if (!d && !i) continue;
    const InputRef& input = d ? d->input : i->input;
    const Pending* const pending = state_.pending.find(input.record);
    const auto* const body =
        pending ? std::get_if<std::shared_ptr<const AlertsBody>>(&pending->input) : nullptr;
    if (!body) continue;
    const Alert& alert = (*body)->alerts.at(input.index);
    if (d)
      decided.push_back({elapsed(), now_.wall, (*body)->integration, alert, d->decision, {}, {}});
    else if (alert.status == AlertStatus::resolved)
      ignored_.push_back({elapsed(), now_.wall, (*body)->integration, alert, i->why});
  }
  return decided;
}

void Rehearsal::remember(std::vector<DecidedAlert> decided) {
  for (DecidedAlert& each : decided) {
    const auto current = state_.current.find(alert_key({}, each.integration, each.alert.key));
    const auto alert =
        current == state_.current.end() ? state_.alerts.end() : state_.alerts.find(current->second);
    if (alert != state_.alerts.end()) each.incident = alert->second.incident;
    decided_.push_back(std::move(each));
  }
  for (const effect::Drilled& drilled : std::exchange(drilled_, {})) {
    const auto original = state_.alerts.find(drilled.original);
    if (original == state_.alerts.end()) continue;
    const AlertState& alert = original->second;
    const auto current =
        state_.current.find(alert_key(drilled.realm, alert.integration, alert.alert.key));
    const auto copy =
        current == state_.current.end() ? state_.alerts.end() : state_.alerts.find(current->second);
    decided_.push_back({elapsed(), now_.wall, alert.integration, alert.alert, drilled.decision,
                        copy == state_.alerts.end() ? IncidentId{} : copy->second.incident,
                        drilled.realm});
  }
}

void Rehearsal::attempt(const AttemptRef& attempt) {
  const auto incident = state_.incidents.find(attempt.incident);
  if (incident == state_.incidents.end()) return;
  const auto& messages = incident->second.messages;
  const auto message = std::find_if(messages.begin(), messages.end(),
                                    [&](const auto& m) { return m.id == attempt.message; });
  if (message == messages.end()) return;
  Told told{elapsed(),
            now_.wall,
            message->kind,
            message->contact,
            attempt.incident,
            attempt.message,
            attempt.attempt,
            {},
            message->fallback,
            message->round,
            message->step,
            {},
            {}};
  if (const auto place = places_.find(attempt.message); place != places_.end()) {
    told.policy = place->second.policy;
    told.why = place->second.why;
  }
  told.rota = message->rota;
  told.said = answers_ ? answers_(told) : Attempt::accepted("rehearsed");
  const AttemptResult result{attempt.incident, attempt.message, attempt.attempt, now_, told.said};
  told_.push_back(std::move(told));
  fold(RecordKind::result, encode(result));
}

std::vector<IncidentView> Rehearsal::incidents() const {
  std::vector<IncidentView> views;
  for (const IncidentId& id : opened_) {
    const auto incident = state_.incidents.find(id);
    if (incident == state_.incidents.end()) continue;  // over long ago
    IncidentView view{incident->second, {}};
    for (const AlertId& alert : incident->second.alerts) {
      if (view.alerts.size() == kMostAlertsShown) break;
      if (const auto found = state_.alerts.find(alert); found != state_.alerts.end())
        view.alerts.push_back(found->second);
    }
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace tocsin::engine
