#include "router/island/island.hpp"

#include <algorithm>

#include "router/engine/state_codec.hpp"
#include "router/island/cut.hpp"

namespace tocsin::island {
namespace {

using engine::CommandAnswer;
using engine::PartitionState;
using journal::Appended;

/// Between two tries at what cannot be done yet.
constexpr Duration kAgain = std::chrono::milliseconds(100);

CommandAnswer being_told() {
  return {CommandAnswer::What::not_confirmed,
          "the journal is back, and is told what was decided meanwhile"};
}

engine::CommandReply unsure(engine::CommandReply reply) {
  return [reply = std::move(reply)](CommandAnswer answer) {
    if (answer.what == CommandAnswer::What::done)
      answer = {CommandAnswer::What::not_confirmed,
                "it is done on this node; the journal is away, and another node may still page"};
    reply(std::move(answer));
  };
}

}  // namespace

Island::Island(IslandOptions options, engine::Owner& main, engine::NodeState& state,
               spool::SpooledJournal& journal, IslandFile file, const Clock& clock, Mint& mint,
               MakeOwner make_owner)
    : options_(std::move(options)),
      main_(main),
      state_(state),
      journal_(journal),
      file_(std::move(file)),
      clock_(clock),
      mint_(mint),
      make_owner_(std::move(make_owner)) {}

void Island::tell(const std::string& line) const {
  if (options_.tell) options_.tell(line);
}
std::shared_ptr<engine::Owner> Island::deciding() const {
  const std::lock_guard lock(mutex_);
  return stage_ == Stage::on ? owner_ : nullptr;
}

std::optional<WallTime> Island::on_since() const {
  const std::lock_guard lock(mutex_);
  return owner_ ? std::optional(began_) : std::nullopt;
}

void Island::become(Stage stage) {
  const std::lock_guard lock(mutex_);
  stage_ = stage;
}

void Island::submit(const engine::IncidentView& incident, const Command& command, Duration patience,
                    engine::CommandReply reply) {
  if (const auto owner = deciding()) {
    if (is_shared(incident.incident.id)) reply = unsure(std::move(reply));
    return owner->submit(incident, command, patience, std::move(reply));
  }
  if (on_since()) return reply(being_told());
  main_.submit(incident, command, patience, std::move(reply));
}

void Island::submit(const engine::IncidentView& incident, const AttemptResult& receipt,
                    Duration patience, engine::CommandReply reply) {
  if (const auto owner = deciding())
    return owner->submit(incident, receipt, patience, std::move(reply));
  if (on_since()) return reply(being_told());
  main_.submit(incident, receipt, patience, std::move(reply));
}

// Another node lived when the journal was last heard.
bool Island::had_others() const {
  const Duration away = clock_.now().elapsed - journal_.away_since().value_or(clock_.now().elapsed);
  const auto members = main_.members();
  return std::any_of(members.begin(), members.end(), [&](const auto& m) {
    return m.silent_for > Duration::zero() && m.silent_for - away < kLivedBefore;
  });
}

// Others may have gone on with it, if the journal is away from this node alone.
bool Island::is_shared(const IncidentId& id) const {
  const std::lock_guard lock(mutex_);
  return shared_.contains(id);
}

void Island::submit(const Control& fact, Duration patience, engine::CommandReply reply) {
  if (const auto owner = deciding()) return owner->submit(fact, patience, std::move(reply));
  if (on_since()) return reply(being_told());
  main_.submit(fact, patience, std::move(reply));
}

void Island::report(const Alert& alert, Duration patience, engine::CommandReply reply) {
  if (const auto owner = deciding()) return owner->report(alert, patience, std::move(reply));
  if (on_since()) return reply(being_told());
  main_.report(alert, patience, std::move(reply));
}

void Island::reconfigure(std::shared_ptr<const engine::Configuration> configuration) {
  std::shared_ptr<engine::Owner> owner;
  {
    const std::lock_guard lock(mutex_);
    owner = owner_;
  }
  main_.reconfigure(configuration);
  if (owner) owner->reconfigure(std::move(configuration));
}

Duration Island::run() {
  std::erase_if(retired_, [](const Retired& each) {
    return each.owner.use_count() == 1 && each.journal->idle();
  });
  remove_file();
  Stage stage{};
  {
    const std::lock_guard lock(mutex_);
    stage = stage_;
  }
  switch (stage) {
    case Stage::unknown:
      look_for_earlier();
      return Duration::zero();
    case Stage::off:
      if (wants_to_begin() && begin()) return Duration::zero();
      if (takes_hold_ && !wants_to_begin()) let_go();
      return main_.run();
    case Stage::on:
      return stay();
    case Stage::ending:
      return end();
    case Stage::telling:
      return go_on_telling();
  }
  return kAgain;
}

// A process that died on an island left its beginning; its spool is held.
void Island::look_for_earlier() {
  become(Stage::off);
  if (!file_.exists()) return;
  auto found = file_.load();
  std::string why = found ? "" : found.error().message;
  std::vector<PartitionState> cut;
  if (found && !found->has_value()) why = "it is empty";
  if (why.empty() && (*found)->spool != journal_.spool().identity()) why = "it is another spool's";
  if (why.empty())
    for (const std::string& bytes : (*found)->states) {
      auto state = engine::decode_state(bytes);
      if (!state) {
        why = state.error().message;
        break;
      }
      cut.push_back(std::move(*state));
    }
  if (why.empty() && cut.size() != journal_.partitions()) why = "it has other partitions";
  for (Partition p = 0; why.empty() && p < journal_.partitions(); ++p)
    if ((*found)->from[p] > journal_.spool().tail(p)) why = "the spool ends before it";
  if (why.empty()) {
    IslandBeginning beginning = std::move(**found);
    tell("the process before this one decided by itself since " + format_rfc3339(beginning.began) +
         "; this one goes on with that");
    cut_ = cut;
    return start(std::move(beginning), std::move(cut));
  }
  tell("what the process before this one decided by itself cannot be gone on with (" + why +
       "): it is decided anew, and somebody may be paged again");
  if (const Status removed = file_.remove(); !removed) tell(removed.error().message);
  if (const Status released = journal_.release_forwarding({}); !released)
    tell(released.error().message);
}

// One that stayed would be gone on with after a restart, however long that is away.
void Island::remove_file() {
  const Duration now = clock_.now().elapsed;
  if (!file_is_over_ || now < remove_at_) return;
  const Status removed = file_.remove();
  file_is_over_ = !removed;
  remove_at_ = now + kProbeEvery;
  if (!removed) tell(removed.error().message + "; it is tried again");
}

bool Island::wants_to_begin() const {
  const auto since = journal_.away_since();
  return since && clock_.now().elapsed - *since >= options_.after;
}

bool Island::begin() {
  takes_hold_ = true;
  const auto from = journal_.hold_forwarding();
  if (!from) return false;
  takes_hold_ = false;
  IslandBeginning beginning;
  beginning.spool = journal_.spool().identity();
  beginning.from = *from;
  beginning.began = clock_.now().wall;
  std::vector<PartitionState> cut(state_.states().begin(), state_.states().end());
  for (const PartitionState& state : cut) {
    const bool nobodys = state.holder == 0;
    beginning.held.push_back(
        nobodys || state.holder == mint_.boot() ||
        std::count(options_.earlier_boots.begin(), options_.earlier_boots.end(), state.holder) > 0);
    beginning.states.push_back(engine::encode_state(state));
  }
  // Without the file somebody may be paged twice after a crash, which is better than nobody now.
  if (const Status saved = file_.save(beginning); !saved)
    tell(saved.error().message + "; after a crash, what is decided now would be decided again");
  tell("the journal has been away for " + format_duration(options_.after) + " (" +
       journal_.main_trouble() +
       "): this node decides what it accepts by itself, and pages, until it is back");
  cut_.reset();
  start(std::move(beginning), std::move(cut));
  return true;
}

// The journal was back before the spool could be taken hold of.
void Island::let_go() {
  const Status released = journal_.release_forwarding({});
  if (!released) return tell(released.error().message);
  takes_hold_ = false;
}

void Island::start(IslandBeginning beginning, std::vector<PartitionState> cut) {
  std::vector<Position> base;
  for (const PartitionState& state : cut) base.push_back(state.position);
  engine::Island island = prepare(cut, beginning.held);
  beginning.states.clear();
  std::set<IncidentId> shared;
  if (had_others()) shared = open_in(cut);
  if (options_.changed) options_.changed(true);
  island_journal_ =
      std::make_shared<IslandJournal>(journal_.spool(), beginning.from, std::move(base));
  main_state_ = state_.exchange(std::move(cut));
  probe_ = std::make_shared<Probe>();
  probe_at_ = {};
  decide_from_ = clock_.now().elapsed + kAskFirst;
  auto owner = make_owner_(*island_journal_, std::move(island));
  {
    const std::lock_guard lock(mutex_);
    began_ = beginning.began;
    owner_ = owner;
    stage_ = Stage::on;
    shared_ = std::move(shared);
  }
  owner->reconfigure(main_.configuration());  // if it was reloaded this moment
  beginning_ = std::move(beginning);
}

Duration Island::stay() {
  probe();
  if (is_back()) {
    tell("the journal is back: what was decided meanwhile is told to it");
    end_by_ = clock_.now().elapsed + kEndWait;
    become(Stage::ending);
    return Duration::zero();
  }
  // A process that was paused, or died, may find that others have gone on meanwhile.
  if (!probe_->answered && clock_.now().elapsed < decide_from_) return kAgain;
  return std::min(deciding()->run(), kProbeEvery);
}

// Nothing else of this node goes to the journal meanwhile.
void Island::probe() {
  const Duration now = clock_.now().elapsed;
  if (now < probe_at_ || probe_->under_way) return;
  probe_at_ = now + kProbeEvery;
  probe_->under_way = true;
  main_.beat([probe = probe_](const Appended& appended) {
    probe->back = appended.durable();
    probe->answered = true;
    probe->under_way = false;
  });
}

bool Island::is_back() const { return probe_->back && journal_.main_trouble().empty(); }

// What has begun to go out is not to be told as if nobody knew what became of it.
Duration Island::end() {
  if (const Status followed = owner_->follow(); !followed) tell(followed.error().message);
  if (has_attempts_under_way() && clock_.now().elapsed < end_by_) return kAgain;
  tell_journal();
  return Duration::zero();
}

bool Island::has_attempts_under_way() const {
  const auto is_sending = [&](const engine::Incident& incident) {
    return std::any_of(incident.messages.begin(), incident.messages.end(), [&](const auto& m) {
      return m.status == engine::MessageStatus::sending && m.started_by == mint_.boot();
    });
  };
  for (const PartitionState& state : state_.states()) {
    for (const auto& each : state.incidents)
      if (is_sending(each.second)) return true;
    for (const auto& each : state.bundles)
      if (is_sending(each.second.host)) return true;
  }
  return false;
}

void Island::tell_journal() {
  const std::vector<PartitionState>& cut = cut_ ? *cut_ : main_state_;
  telling_ = std::make_unique<Telling>(journal_, mint_, clock_, options_.tell);
  undecided_.clear();
  for (const PartitionState& state : state_.states()) {
    // Inputs are decided in their order; the first that is not, and what follows it, is the
    // journal's owner's to decide.
    undecided_.push_back(state.pending.empty() ? state.position + 1
                                               : state.pending.front().position);
    for (const engine::Carried& piece : engine::pieces_of_island(cut[state.partition], state))
      telling_->add(state.partition, piece);
  }
  become(Stage::telling);
}

Duration Island::go_on_telling() {
  static_cast<void>(owner_->follow());  // whoever waits for an answer gets it in time
  telling_->step();
  if (!telling_->why_not().empty()) {
    tell("the journal is away again (" + telling_->why_not() + "): this node goes on by itself");
    telling_.reset();
    probe_ = std::make_shared<Probe>();
    become(Stage::on);
    return Duration::zero();
  }
  return telling_->done() ? finish() : kAgain;
}

// From here on the journal has all of it: the spool may go on, and the journal's owners decide.
Duration Island::finish() {
  journal::Cursor decided;
  for (Partition p = 0; p < undecided_.size(); ++p) {
    const Position left = telling_->left_from(p);
    const Position undecided = left > 0 ? std::min(left, undecided_[p]) : undecided_[p];
    decided.push_back(island_journal_->in_spool(p, undecided - 1));
  }
  if (const Status released = journal_.release_forwarding(decided); !released) {
    tell(released.error().message);
    return kProbeEvery;
  }
  file_is_over_ = true;
  remove_file();
  state_.allow_sending_until(Duration::zero());  // until the main owner says so
  state_.exchange(std::move(main_state_));
  main_.resume(telling_->through());
  telling_.reset();
  cut_.reset();
  {
    const std::lock_guard lock(mutex_);
    retired_.push_back({std::move(island_journal_), std::move(owner_)});
    owner_.reset();
    stage_ = Stage::off;
  }
  if (options_.changed) options_.changed(false);
  tell("the journal has what this node decided by itself; the owners of its partitions go on");
  return Duration::zero();
}

}  // namespace tocsin::island
