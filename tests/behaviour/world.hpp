// A world to try tocsin in: the real settings, sources, ingest, journal records, engine, rules and
// delivery, on a clock that only the test moves, with phones that remember what they were told.
//
//   World world;
//   world.fire("db-down");
//   world.phone("ada").expects("db-down");
//   world.advance(10min);
//   world.phone("bob").expects("db-down");
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/channel.hpp"
#include "connectors/journals/memory_journal.hpp"
#include "router/configuration.hpp"
#include "router/core/clock.hpp"
#include "router/core/mint.hpp"
#include "router/store/store.hpp"

namespace tocsin::tests {

class SimulatedClock final : public Clock {
 public:
  Instant now() const override { return now_; }
  void advance(Duration by) {
    now_.wall += by;
    now_.elapsed += by;
  }
  void step_wall(Duration by) { now_.wall += by; }
  void reboot() {
    ++now_.machine_boot;
    now_.elapsed = std::chrono::seconds(20);
  }
  /// Another machine, up for another time.
  void reboot_as(std::uint64_t machine) {
    now_.machine_boot = machine;
    now_.elapsed = std::chrono::minutes(machine);
  }

 private:
  Instant now_{WallTime(std::chrono::seconds(1'795'312'363)), 1,
               std::chrono::hours(5)};  // 2026-11-22T01:52:43Z
};

/// One person's phone (or a room that needs no address): everything any channel brought it.
class Phone {
 public:
  explicit Phone(std::string owner) : owner_(std::move(owner)) {}

  /// The next message that has not been expected yet is a page whose title has this text. Returns
  /// it.
  connectors::Notification expects(const std::string& text);
  /// The same for "it is over".
  connectors::Notification expects_resolved(const std::string& text);
  /// The same for any kind of message.
  connectors::Notification next_of(MessageKind kind, const std::string& text);
  /// The next message, whatever it is; there must be one.
  connectors::Notification next();
  /// Nothing has come that was not expected.
  void silent() const;
  std::size_t waiting() const { return inbox_.size(); }
  void forget() { inbox_.clear(); }

  /// What the provider says to the next attempts, one after the other; after that, accepted.
  void answers(std::vector<Attempt> next) { answers_.assign(next.begin(), next.end()); }
  /// What it always says, until told otherwise.
  void always(std::optional<Attempt> said) { always_ = std::move(said); }
  Attempt take(const connectors::Notification& notification);
  std::size_t attempts() const { return attempts_; }

 private:
  std::string owner_;
  std::deque<connectors::Notification> inbox_;
  std::deque<Attempt> answers_;
  std::optional<Attempt> always_;
  std::size_t attempts_ = 0;
};

/// Runs jobs when the world lets it: at once after each step of the owner, or when the test says
/// so.
class HeldRunner final : public delivery::Runner {
 public:
  bool run(const std::string& lane, std::function<void()> job) override {
    if (full) return false;
    lanes.push_back(lane);
    jobs_.push_back(std::move(job));
    return true;
  }
  bool run_one();
  std::size_t waiting() const { return jobs_.size(); }
  void drop_all() { jobs_.clear(); }
  bool full = false;
  std::vector<std::string> lanes;  // of each job so far

 private:
  std::deque<std::function<void()>> jobs_;
};

/// Ada, then ada and bob, then the room; linus is the default policy. Every channel is the phone of
/// the person it is for.
extern const char* const kPlainSettings;

using Labels = std::map<std::string, std::string>;

/// With every fault shown; requires that there is none.
settings::Settings load_settings(const std::vector<settings::File>& files);

/// One alert of Prometheus's, as it posts it.
std::string prometheus_body(Labels labels, const std::string& alertname, const Labels& annotations,
                            WallTime ends_at);

class World {
 public:
  explicit World(const std::string& yaml = kPlainSettings);
  explicit World(const std::vector<settings::File>& files, std::size_t segment_records = 1'000);
  ~World();

  /// One alert from Prometheus, through the real front of the house. Returns the HTTP status.
  int fire(const std::string& alertname, Labels labels = {}, Labels annotations = {});
  int resolve(const std::string& alertname, Labels labels = {});
  int post(const std::string& body, const std::string& key = "prometheus-key-0123456789");
  /// The same to /in/<integration>, of any source that takes a POST there.
  int send(const std::string& integration, const std::string& key, const std::string& body);

  /// Moves the clock in steps no longer than a second, doing at each what is due.
  void advance(Duration by);
  /// Does what is due now.
  void settle();
  Phone& phone(const std::string& owner);
  /// Every call of this hook, as a message whose title is the incident's.
  Phone& hook(const std::string& name) { return phone("hook:" + name); }

  std::vector<engine::IncidentView> incidents() const;
  engine::IncidentView incident() const;  // the only one
  /// True if it was carried out; the API's answer follows the same callback.
  bool acknowledge(const engine::IncidentView& incident, const std::string& by);
  bool resolve_by_hand(const engine::IncidentView& incident, const std::string& by);

  bool snooze(const engine::IncidentView& incident, const std::string& by, Duration length);
  bool note(const engine::IncidentView& incident, const std::string& by, const std::string& text);
  /// Why not, if it was not carried out; empty if it was.
  std::string approve(const engine::IncidentView& incident, const std::string& by,
                      const std::string& hook);
  std::string reject(const engine::IncidentView& incident, const std::string& by,
                     const std::string& hook);
  std::string escalate(const engine::IncidentView& incident, const std::string& by);
  std::string assign(const engine::IncidentView& incident, const std::string& by,
                     const std::string& to);
  /// The words of the last answer, whether it was carried out or not.
  std::string answer;
  /// As the person presses the link that a page brought them.
  bool press_link(const connectors::Notification& page);
  /// What the provider says later of a message that it was handed. True once it is stored.
  bool receipt(const connectors::Notification& message, bool delivered,
               const std::string& detail = {}, std::uint32_t attempt = 1);
  /// By its id, until it is ended or over.
  SilenceId silence(std::vector<std::string> matchers, Duration length, Duration from_now = {});
  void end_silence(const SilenceId& id);

  /// Puts somebody on call instead, from so long ahead on; its id. By whoever `by` is.
  OverrideId override(const std::string& rota, const std::string& person, Duration from_now,
                      Duration length, const std::string& by = "boss");
  void end_override(const OverrideId& id, const std::string& by = "boss");
  /// Asks each of a person's contacts; the test's id.
  NoticeId test_contacts(const std::string& person);

  /// Turns a GameDay set on, by ada, and off. Why not, if it was not done; empty if it was.
  std::string gameday_on(const std::string& set, Duration length = std::chrono::hours(1),
                         Duration from_now = {});
  std::string gameday_off(const std::string& set);
  /// Whether the hook takes part in drills, as it is configured.
  bool hooks_drill(const std::string& hook) const;

  /// SIGKILL and a new start on the same journal: whatever was under way is lost.
  void crash();
  /// What a store would have of this moment, and a SIGKILL and a new start from it.
  std::vector<store::Snapshot> snapshots() const;
  void crash_and_restore(const std::vector<store::Snapshot>& snapshots);
  /// What the configuration says of people, changed in place: for what no YAML says.
  void change_people(const std::function<void(oncall::Directory&)>& change);
  void reload(const std::string& yaml);
  void reload(const std::vector<settings::File>& files);

  /// As whose sender fire() and resolve() post.
  std::string sender_key = "prometheus-key-0123456789";

  SimulatedClock clock;
  HeldRunner runner;
  std::unique_ptr<journal::MemoryJournal> journal;
  /// Attempts are made only when the test says runner.run_one().
  bool hold_attempts = false;

  /// How turns are decided from the next start on; empty: as they are.
  engine::Decide decide;
  engine::BlackBox* black_box = nullptr;
  std::unique_ptr<store::Store> store;
  /// From the next start on: what a turn starts is sent, and no gate is asked.
  bool ungated = false;
  /// Hears of everything that a phone is brought, and of each call of a hook.
  std::function<void(const std::string& who, const connectors::Notification&)> on_delivery;
  /// Hands it over instead of bringing it to the phone, and says what became of it; nothing: the
  /// phone is brought it.
  std::function<std::optional<Attempt>(const std::string& who, const connectors::Notification&)>
      provider;
  /// The links of a message, instead of made-up ones.
  std::function<delivery::Links(const engine::IncidentView&, const engine::MessageState&, WallTime)>
      make_links;

  engine::Owner& owner() { return *owner_; }
  engine::NodeState& state() { return *state_; }

 private:
  struct PhoneChannel;
  struct PhoneHook;
  struct Ungated;
  Attempt bring(const std::string& who, const connectors::Notification& notification);
  void start();
  void stop();
  std::string command(const Command& command, const engine::IncidentView& incident);
  std::string submit(const Control& fact);
  std::shared_ptr<const delivery::Channels> channels();
  std::shared_ptr<const delivery::Hooks> hooks();

  settings::Settings settings_;
  std::map<std::string, Phone> phones_;
  std::uint64_t boot_ = 100;
  std::unique_ptr<Mint> mint_;
  std::unique_ptr<engine::OwnerEvents> owner_events_;
  std::unique_ptr<delivery::DeliveryEvents> delivery_events_;
  std::unique_ptr<ingest::IngestEvents> ingest_events_;
  std::unique_ptr<engine::NodeState> state_;
  std::unique_ptr<delivery::Delivery> delivery_;
  std::unique_ptr<engine::Outbox> ungated_;
  std::unique_ptr<engine::Owner> owner_;
  std::unique_ptr<ingest::Ingest> ingest_;
};

}  // namespace tocsin::tests
