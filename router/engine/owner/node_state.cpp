#include "router/engine/owner/node_state.hpp"

#include <algorithm>
#include <mutex>
#include <tuple>

#include "router/core/listing_order.hpp"
#include "router/engine/carried.hpp"
#include "router/engine/drill.hpp"
#include "router/engine/due.hpp"

namespace tocsin::engine {
namespace {

constexpr std::size_t kMostListed = 1'000;

// Its id, or one that it had before, begins so.
bool is_called(const Incident& incident, const std::string& beginning) {
  return incident.id.text.starts_with(beginning) ||
         std::any_of(incident.aliases.begin(), incident.aliases.end(),
                     [&](const IncidentId& alias) { return alias.text.starts_with(beginning); });
}

bool wanted(const Incident& incident, const IncidentQuery& query) {
  const bool state = query.states.empty() || std::find(query.states.begin(), query.states.end(),
                                                       incident.state) != query.states.end();
  return state && (query.team.empty() || incident.decision->team == query.team) &&
         (!query.severity || incident.decision->severity == *query.severity) &&
         (!query.gameday || incident.realm.gameday == *query.gameday) &&
         incident.opened_at >= query.since;
}

bool matched(const PartitionState& state, const Incident& incident,
             const std::vector<rules::Matcher>& matchers) {
  return matchers.empty() ||
         std::any_of(incident.alerts.begin(), incident.alerts.end(), [&](const AlertId& id) {
           const auto alert = state.alerts.find(id);
           return alert != state.alerts.end() &&
                  rules::all_match(matchers, alert->second.alert.labels);
         });
}

}  // namespace

NodeState::NodeState(Partition partitions)
    : states_(partitions),
      hushed_(partitions),
      settled_(std::make_unique<std::atomic<Position>[]>(partitions)) {
  for (Partition p = 0; p < partitions; ++p) states_[p].partition = p;
}

void NodeState::restore(PartitionState state, Position read) {
  const std::unique_lock lock(mutex_);
  const Partition partition = state.partition;
  settled_[partition] = read;
  states_.at(partition) = std::move(state);
}

std::vector<PartitionState> NodeState::exchange(std::vector<PartitionState> states) {
  const std::unique_lock lock(mutex_);
  states_.swap(states);
  for (Partition p = 0; p < states_.size(); ++p) {
    states[p].alerts.end_look();
    states[p].incidents.end_look();
    settled_[p] = states_[p].position;
    hushed_[p].clear();
  }
  return states;
}

void NodeState::forget_everything() {
  const std::unique_lock lock(mutex_);
  for (Partition p = 0; p < states_.size(); ++p) {
    states_[p] = {};
    states_[p].partition = p;
    settled_[p] = 0;
  }
  paused_.clear();
  first_read_.clear();
}

void NodeState::mark_truncated(Partition partition, bool truncated) {
  const std::unique_lock lock(mutex_);
  states_[partition].truncated = truncated;
  if (!truncated) states_[partition].early.clear();
}

Folded NodeState::fold(Partition partition, Position position, const Record& record,
                       Duration read_at) {
  const std::unique_lock lock(mutex_);
  Folded folded = engine::fold(states_[partition], position, record);
  if (folded.control) note_runs_locked(read_at);
  if (folded.turn) hushed_[partition].clear();
  return folded;
}

void NodeState::hush(Partition partition, std::vector<IncidentId> incidents) {
  const std::unique_lock lock(mutex_);
  hushed_[partition] = std::move(incidents);
}

IncidentView NodeState::view_of(const PartitionState& state, const Incident& incident,
                                std::size_t most_alerts) const {
  IncidentView view{incident, {}};
  for (const AlertId& id : incident.alerts) {
    if (view.alerts.size() == most_alerts) break;
    const auto alert = state.alerts.find(id);
    if (alert != state.alerts.end()) view.alerts.push_back(alert->second);
  }
  return view;
}

std::vector<std::pair<Partition, IncidentId>> NodeState::resolved() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::pair<Partition, IncidentId>> all;
  for (const PartitionState& state : states_)
    for (const auto& [id, incident] : state.incidents)
      if (incident.state == IncidentState::resolved) all.emplace_back(state.partition, id);
  return all;
}

std::optional<IncidentView> NodeState::closed(Partition partition, const IncidentId& id) const {
  const std::shared_lock lock(mutex_);
  const PartitionState& state = states_[partition];
  const auto found = state.incidents.find(id);
  if (found == state.incidents.end() || found->second.state != IncidentState::resolved)
    return std::nullopt;
  return view_of(state, found->second);
}

bool NodeState::remembers(Partition partition, const IncidentId& id) const {
  const std::shared_lock lock(mutex_);
  return states_[partition].incidents.contains(id);
}

Realm NodeState::realm_of(Partition partition, const IncidentId& id) const {
  const std::shared_lock lock(mutex_);
  const Incident* const found = states_[partition].look_up(id);
  return found ? found->realm : Realm{};
}

// What an island has told and nobody has taken in yet.
std::optional<IncidentView> NodeState::yet_to_be_adopted(const std::string& id) const {
  for (const PartitionState& state : states_) {
    if (!state.pending.has_pieces()) continue;
    for (const Pending* const pending : state.pending.in_order()) {
      const auto* const piece = std::get_if<std::shared_ptr<const Carried>>(&pending->input);
      if (!piece || !(*piece)->incident || !is_called(*(*piece)->incident, id)) continue;
      return IncidentView{*(*piece)->incident, (*piece)->alerts};
    }
  }
  return std::nullopt;
}

Result<IncidentView> NodeState::find(std::string_view typed_id) const {
  const std::string id = base32_typed(typed_id);
  if (id.empty()) return not_found("no incident: the id is empty");
  const std::shared_lock lock(mutex_);
  const PartitionState* home = nullptr;
  const Incident* found = nullptr;
  for (const PartitionState& state : states_) {
    if (const auto whole = state.incidents.find({id}); whole != state.incidents.end())
      return view_of(state, whole->second);
    for (const auto& [own, incident] : state.incidents) {
      if (!is_called(incident, id)) continue;
      if (found) return invalid("several incidents begin with " + id + "; type one character more");
      home = &state;
      found = &incident;
    }
  }
  if (!found)
    if (auto told = yet_to_be_adopted(id)) return std::move(*told);
  if (!found) return not_found("no incident " + id + ": it never was, or it ended long ago");
  return view_of(*home, *found);
}

IncidentPage NodeState::list(const IncidentQuery& query) const {
  const std::shared_lock lock(mutex_);
  std::vector<std::pair<std::string, std::pair<const PartitionState*, const Incident*>>> found;
  for (const PartitionState& state : states_)
    for (const auto& [id, incident] : state.incidents)
      if (wanted(incident, query) && matched(state, incident, query.matchers)) {
        std::string order = listing_order(incident.opened_at, incident.id);
        if (query.cursor.empty() || order < query.cursor)
          found.emplace_back(std::move(order), std::pair(&state, &incident));
      }
  const std::size_t shown = std::min({query.limit, kMostListed, found.size()});
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(shown), found.end(),
                    [](const auto& a, const auto& b) { return a.first > b.first; });
  IncidentPage page;
  for (std::size_t i = 0; i < shown; ++i)
    page.incidents.push_back(
        view_of(*found[i].second.first, *found[i].second.second, kMostAlertsListed));
  if (shown > 0 && shown < found.size()) page.next = found[shown - 1].first;
  return page;
}

Result<NodeState::Claim> NodeState::claim(const AttemptRef& attempt, const Instant& now) const {
  if (now.elapsed >= send_until_.load())
    return unavailable(
        "this node has not heard itself in the journal of late: another may be "
        "sending in its place");
  const std::shared_lock lock(mutex_);
  const PartitionState& state = states_[attempt.partition];
  if (const Notice* const notice = engine::find_notice(state.notices, attempt.incident))
    return claim(*notice, attempt, now);
  const std::vector<IncidentId>& hushed = hushed_[attempt.partition];
  if (std::find(hushed.begin(), hushed.end(), attempt.incident) != hushed.end())
    return unavailable("a turn that stops it is on its way");
  const Incident* const incident = state.look_up(attempt.incident);
  if (!incident) return not_found("the incident is gone");
  for (const MessageState& message : incident->messages) {
    if (message.id != attempt.message) continue;
    if (message.status != MessageStatus::sending || message.attempt != attempt.attempt)
      return not_found("another attempt has taken its place");
    if (std::string why = why_not_send(*incident, message); !why.empty())
      return refused(std::move(why));
    if (message.kind == MessageKind::hook && state.on_island)
      return refused("the journal is away, and what other nodes have started is not known");
    if (std::string why = over_the_limit(*incident, message); !why.empty())
      return refused(std::move(why));
    if (std::string why = why_drill_waits(*incident, now); !why.empty())
      return unavailable(std::move(why));
    if (std::string why = why_drill_is_silent(*incident, message, now); !why.empty())
      return refused(std::move(why));
    Claim claim{view_of(state, *incident), message,
                drills_beside(*incident, message.contact, states_.front().facts, now)};
    if (is_bundle(message.kind)) {
      TOCSIN_TRY(claim.view.bundle, words_of_bundle(state, attempt.incident));
    }
    return claim;
  }
  return not_found("the message is gone");
}

void NodeState::reconfigure(std::shared_ptr<const Configuration> configuration) {
  const std::unique_lock lock(mutex_);
  configuration_ = std::move(configuration);
}

void NodeState::note_runs(Duration now) {
  const std::unique_lock lock(mutex_);
  note_runs_locked(now);
}

void NodeState::note_runs_locked(Duration now) {
  const auto& gamedays = states_.front().facts.gamedays;
  std::erase_if(first_read_, [&](const auto& each) {
    const auto runs = gamedays.find(each.first.first);
    return runs == gamedays.end() || runs->second.empty() ||
           runs->second.back().run.number != each.first.second;
  });
  for (const auto& [set, runs] : states_.front().facts.gamedays)
    if (!runs.empty()) {
      const gameday::Run& run = runs.back().run;
      FirstRead& read = first_read_[{set, run.number}];
      if (read.said != run.said) read = {run.said, now};
    }
}

void NodeState::pause(const std::string& set, std::uint32_t run) {
  const std::unique_lock lock(mutex_);
  paused_[set] = run;
}

std::map<std::pair<std::string, std::uint32_t>, NodeState::DrillCounts> NodeState::drills() const {
  const std::shared_lock lock(mutex_);
  std::map<std::pair<std::string, std::uint32_t>, DrillCounts> all;
  for (const PartitionState& state : states_) {
    for (const auto& [id, incident] : state.incidents) {
      if (incident.realm.is_production()) continue;
      DrillCounts& counts = all[{incident.realm.gameday, incident.realm.run}];
      counts.open += incident.state != IncidentState::resolved;
      counts.alerts += incident.alerts.size();
    }
    for (const auto& [id, alert] : state.alerts)  // those that tell nobody are in no incident
      if (alert.is_copy() && alert.incident.empty())
        ++all[{alert.realm.gameday, alert.realm.run}].alerts;
  }
  return all;
}

// For a moment only: it may be sent when this has passed.
std::string NodeState::why_drill_waits(const Incident& incident, const Instant& now) const {
  if (incident.realm.is_production()) return {};
  const Duration confirmed = confirmed_at_.load();
  if (confirmed == Duration::min() || now.elapsed - confirmed > kDrillNeedsJournal)
    return "the journal was not heard of late, and a drill that cannot hear its end is silent";
  return {};
}

std::string NodeState::why_drill_is_silent(const Incident& incident, const MessageState& message,
                                           const Instant& now) const {
  const Realm& realm = incident.realm;
  if (realm.is_production()) return {};
  if (lever_pulled_ && lever_pulled_()) return "the GameDay lever is pulled: every set is blocked";
  if (!configuration_)
    return "no configuration says whom GameDay set " + realm.gameday + " reaches";
  if (states_[incident.partition].on_island) return "the journal is away, and drills are silent";
  if (message.kind != MessageKind::drill_paused) {
    if (const auto paused = paused_.find(realm.gameday);
        paused != paused_.end() && paused->second == realm.run)
      return "GameDay set " + realm.gameday + " paused: a real incident opened";
    const gameday::Run* const run = states_.front().facts.find_run(realm.gameday, realm.run);
    const auto read = first_read_.find({realm.gameday, realm.run});
    if (run && read != first_read_.end() &&
        now.elapsed - read->second.at >=
            std::max(run->starts_at - run->said.wall, Duration::zero()) + run->length)
      return "the time of GameDay set " + realm.gameday + " is over";
  }
  return why_silent(incident, message, states_.front().facts, *configuration_, now);
}

// Several partitions may have started the same hook before they saw each other's start: the later
// ones are held back here, where all starts are known.
std::string NodeState::over_the_limit(const Incident& incident, const MessageState& call) const {
  if (call.kind != MessageKind::hook || !incident.decision->remedy) return {};
  const Remedy& remedy = *incident.decision->remedy;
  const HookRun* mine = nullptr;
  for (const HookRun& run : states_[incident.partition].hook_runs)
    if (run.message == call.id) mine = &run;
  if (!mine) return "its start is not known any more";
  std::size_t before = 0;
  for (const PartitionState& state : states_)
    for (const HookRun& run : state.hook_runs)
      before += run.hook == mine->hook &&
                std::tie(run.at.wall, run.message) < std::tie(mine->at.wall, mine->message) &&
                elapsed_between(run.at, mine->at, remedy.per) < remedy.per;
  return before < remedy.runs ? ""
                              : "its limit of " + std::to_string(remedy.runs) + " in " +
                                    format_duration(remedy.per) + " is reached";
}

Result<AlertState> NodeState::find_alert(const AlertId& id) const {
  const std::shared_lock lock(mutex_);
  for (const PartitionState& state : states_)
    if (const auto found = state.alerts.find(id); found != state.alerts.end()) return found->second;
  return not_found("no alert " + id.text);
}

AlertId NodeState::resend_of(Partition partition, const std::string& integration,
                             const Alert& alert) const {
  const std::shared_lock lock(mutex_);
  return engine::resend_of(states_[partition], integration, alert);
}

Position NodeState::position(Partition partition) const {
  const std::shared_lock lock(mutex_);
  return states_[partition].position;
}

std::vector<std::string> NodeState::configurations_in_use() const {
  const std::shared_lock lock(mutex_);
  const auto hashes = engine::configurations_in_use(states_);
  return {hashes.begin(), hashes.end()};
}

std::vector<effect::SetAside> NodeState::set_aside() const {
  const std::shared_lock lock(mutex_);
  std::vector<effect::SetAside> all;
  for (const PartitionState& state : states_)
    all.insert(all.end(), state.set_aside.begin(), state.set_aside.end());
  return all;
}

}  // namespace tocsin::engine
