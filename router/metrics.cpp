#include "router/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <spdlog/spdlog.h>

#include <limits>
#include <mutex>
#include <set>
#include <utility>

namespace tocsin {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds{
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60};
constexpr Duration kMostLatency = std::chrono::hours(1);
/// The same trouble again is told once in so many times: each partition meets it five times a
/// second, and a full disk would be filled with its log.
constexpr std::uint64_t kTellEvery = 1'000;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

template <class Builder>
auto& family(Builder builder, prometheus::Registry& registry, const char* name, const char* help) {
  return builder.Name(std::string("tocsin_") + name).Help(help).Register(registry);
}

// Of which GameDay set's drill it is, or which set alone it belongs to; empty: in earnest.
std::string set_of(const Decision& decision) {
  for (const Reason& reason : decision.reasons) {
    const bool alone =
        reason.kind == ReasonKind::gameday_alone && decision.outcome == Outcome::muted;
    if (alone || reason.kind == ReasonKind::gameday_copy) return reason.subject;
  }
  return {};
}

}  // namespace

struct Metrics::Families {
  std::mutex asking;   // two who ask at once must not both catch up the same counts
  std::mutex telling;  // of the two below
  std::string trouble;
  std::uint64_t troubles = 0;  // how often it came since it was new
  // Sets that had open incidents, by severity: now, perhaps, none. Of `asking`.
  std::set<std::pair<std::string, Severity>> drilled;
  std::set<std::string> rotas;  // that show anything. Of `asking`
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>&received, &rejected, &decisions, &notifications,
      &withheld, &drill_refusals, &set_aside, &damaged, &void_turns, &journal_failures,
      &decide_failures, &http_rejected, &http_requests, &clocks_differ;
  prometheus::Family<prometheus::Gauge>&lag, &outbox, &open, &queued, &http_connections, &build,
      &configuration, &oncall_gap, &oncall_closed, &oncall_next_gap, &undecided, &nodes,
      &partitions, &spool_waiting, &spool_set_aside, &island;
  prometheus::Histogram &append_seconds, &page_latency;

  Families()
      : received(counter("alerts_received_total", "Alerts understood, by integration and status.")),
        rejected(counter("alerts_rejected_total",
                         "Alerts or whole requests refused, by integration and reason.")),
        decisions(counter("decisions_total", "Decisions recorded, by outcome and GameDay set.")),
        notifications(counter("notifications_total",
                              "Attempts to hand over a message, by channel, what the provider said "
                              "and GameDay set.")),
        withheld(
            counter("notifications_withheld_total", "Attempts that the sending gate held back.")),
        drill_refusals(counter("drill_refusals_total",
                               "Attempts of drills that a gate refused, by GameDay set.")),
        set_aside(counter("records_set_aside_total", "Inputs that could not be decided.")),
        damaged(counter("journal_damaged_total", "Damaged places found in the journal.")),
        void_turns(counter("void_turns_total", "Turns that did not follow the last valid one.")),
        journal_failures(
            counter("journal_failures_total", "Turns that could not be stored at once.")),
        decide_failures(counter("decide_failures_total",
                                "Decisions that failed and were made again with more care.")),
        http_rejected(counter("http_rejected_total",
                              "Requests refused before any handler saw them, by reason.")),
        http_requests(counter("http_requests_total", "Whole requests received.")),
        clocks_differ(
            counter("sender_clocks_differ_total",
                    "Requests whose alerts show that the sender's clock and ours are more "
                    "than a minute apart, by integration.")),
        lag(gauge("engine_lag_records", "Records in the journal that are not folded yet, about.")),
        outbox(gauge("outbox_waiting",
                     "Messages decided, and neither accepted, rejected nor withdrawn.")),
        open(gauge("incidents_open",
                   "Incidents that are not resolved, by severity and GameDay set.")),
        queued(gauge("incidents_queued",
                     "Open incidents for which nobody of their policy could be paged, and that "
                     "wait for somebody.")),
        http_connections(gauge("http_connections", "Open connections.")),
        build(gauge("build_info", "1, with the version as a label.")),
        configuration(gauge("configuration_last_reload_successful",
                            "0 while the configuration that was found by the last start or reload "
                            "had faults and another one is in force.")),
        oncall_gap(
            gauge("oncall_gap", "1 while nobody with a contact that works is on call in a rota.")),
        oncall_closed(
            gauge("oncall_closed", "1 while that is so because of the rota's own days and hours.")),
        oncall_next_gap(gauge("oncall_next_gap_seconds",
                              "Until nobody will be on call, where the rota's days and hours do "
                              "not say so; +Inf: not within 14 days.")),
        undecided(gauge("undecided_inputs", "Accepted and folded, and not decided yet.")),
        nodes(gauge("cluster_nodes", "Nodes that live as far as this one hears, itself included.")),
        partitions(gauge("cluster_partitions_held", "Partitions that this node decides.")),
        spool_waiting(gauge("spool_waiting_records",
                            "Alerts and results on this node's disk that Kafka has yet to take.")),
        spool_set_aside(gauge("spool_set_aside_records",
                              "Records of the spool that Kafka refused for good, kept in a file.")),
        island(gauge("island", "1 while Kafka is away and this node decides and pages by itself.")),
        append_seconds(histogram("journal_append_seconds",
                                 "From the append of a request's alerts until they are durable.")),
        page_latency(histogram(
            "page_latency_seconds",
            "From the receipt of an alert until the first attempt to page for it starts; without "
            "drills.")) {
    build.Add({{"version", TOCSIN_VERSION}}).Set(1);
  }

  prometheus::Family<prometheus::Counter>& counter(const char* name, const char* help) {
    return family(prometheus::BuildCounter(), registry, name, help);
  }
  prometheus::Family<prometheus::Gauge>& gauge(const char* name, const char* help) {
    return family(prometheus::BuildGauge(), registry, name, help);
  }
  prometheus::Histogram& histogram(const char* name, const char* help) {
    return family(prometheus::BuildHistogram(), registry, name, help).Add({}, kSeconds);
  }
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

// A set that has none any more shows 0 and not what it had.
void Metrics::show_drills(Families& f, const engine::NodeState::Counts::Drills& open) {
  for (const auto& entry : open) f.drilled.insert(entry.first);
  for (const auto& each : f.drilled) {
    const auto now = open.find(each);
    f.open.Add({{"severity", std::string(to_string(each.second))}, {"gameday", each.first}})
        .Set(now == open.end() ? 0 : static_cast<double>(now->second));
  }
}

// A rota that is gone shows nothing any more.
void Metrics::show_rotas(Families& f, const std::vector<api::RotaGauge>& rotas) {
  std::set<std::string> gone = std::exchange(f.rotas, {});
  for (const api::RotaGauge& each : rotas) {
    const prometheus::Labels labels{{"rota", each.rota}};
    f.oncall_gap.Add(labels).Set(each.gap ? 1 : 0);
    f.oncall_closed.Add(labels).Set(each.closed ? 1 : 0);
    f.oncall_next_gap.Add(labels).Set(each.next_gap ? seconds(*each.next_gap)
                                                    : std::numeric_limits<double>::infinity());
    f.rotas.insert(each.rota);
    gone.erase(each.rota);
  }
  for (const std::string& rota : gone)
    for (auto* const family : {&f.oncall_gap, &f.oncall_closed, &f.oncall_next_gap})
      family->Remove(&family->Add({{"rota", rota}}));
}

std::string Metrics::text(const Gauges& gauges) {
  Families& f = *families_;
  const std::lock_guard lock(f.asking);
  f.lag.Add({}).Set(static_cast<double>(gauges.lag));
  f.configuration.Add({}).Set(gauges.configuration_in_force ? 1 : 0);
  f.outbox.Add({}).Set(static_cast<double>(gauges.state.waiting_messages));
  for (const auto& [severity, count] : gauges.state.open)
    f.open.Add({{"severity", std::string(to_string(severity))}, {"gameday", ""}})
        .Set(static_cast<double>(count));
  show_drills(f, gauges.state.drills);
  f.queued.Add({}).Set(static_cast<double>(gauges.state.queued));
  show_rotas(f, gauges.rotas);
  f.http_connections.Add({}).Set(static_cast<double>(gauges.front_door.connections_open));
  f.undecided.Add({}).Set(static_cast<double>(gauges.state.pending_inputs));
  if (gauges.cluster) {
    f.nodes.Add({}).Set(static_cast<double>(gauges.cluster->nodes));
    f.partitions.Add({}).Set(static_cast<double>(gauges.cluster->partitions));
    f.spool_waiting.Add({}).Set(static_cast<double>(gauges.cluster->spool_waiting));
    f.spool_set_aside.Add({}).Set(static_cast<double>(gauges.cluster->spool_set_aside));
    f.island.Add({}).Set(gauges.cluster->island ? 1 : 0);
  }
  const auto catch_up = [](prometheus::Counter& counter, std::uint64_t to) {
    counter.Increment(static_cast<double>(to) - counter.Value());
  };
  catch_up(f.http_requests.Add({}), gauges.front_door.requests);
  for (std::size_t i = 0; i < front_door::kReasons; ++i) {
    const auto reason = static_cast<front_door::Reason>(i);
    catch_up(f.http_rejected.Add({{"reason", std::string(front_door::name_of(reason))}}),
             gauges.front_door.rejected_for(reason));
  }
  return prometheus::TextSerializer().Serialize(f.registry.Collect());
}

void Metrics::decided(const Decision& decision) {
  families_->decisions
      .Add({{"outcome", std::string(to_string(decision.outcome))}, {"gameday", set_of(decision)}})
      .Increment();
}
void Metrics::set_aside(const effect::SetAside& input) {
  families_->set_aside.Add({}).Increment();
  spdlog::error("record {} cannot be decided and is set aside: {}", to_string(input.record),
                input.why);
}
void Metrics::damaged(const journal::Damage& damage) {
  families_->damaged.Add({}).Increment();
  spdlog::error("the journal is damaged at {}: {}; what is around it is kept", damage.where,
                damage.what);
}
void Metrics::void_turn(Partition) { families_->void_turns.Add({}).Increment(); }
void Metrics::trouble(const std::string& what) {
  families_->journal_failures.Add({}).Increment();
  const std::lock_guard lock(families_->telling);
  if (what != families_->trouble) families_->troubles = 0;
  families_->trouble = what;
  if (families_->troubles++ % kTellEvery != 0) return;
  spdlog::error("the journal does not take or give records: {}; trying again", what);
}

void Metrics::failed(const std::string& why) {
  families_->decide_failures.Add({}).Increment();
  spdlog::error("deciding failed: {}; trying again, one input at a time", why);
}

void Metrics::started(const engine::IncidentView& view, const engine::MessageState& message,
                      const Instant& now) {
  if (!view.incident.realm.is_production()) return;
  const bool first = message.kind == MessageKind::page && message.attempt == 1 &&
                     message.round == 0 && message.step == 0 && !message.fallback &&
                     message.due.length == Duration::zero();
  if (first)
    families_->page_latency.Observe(
        seconds(elapsed_between(view.incident.received, now, kMostLatency)));
}
void Metrics::finished(const std::string& channel, const Realm& realm, const Attempt& said) {
  families_->notifications
      .Add({{"channel", channel},
            {"outcome", std::string(to_string(said.outcome))},
            {"gameday", realm.gameday}})
      .Increment();
  if (said.outcome != AttemptOutcome::accepted)
    spdlog::warn("channel {}: {}: {}", channel, to_string(said.outcome), said.detail);
}
void Metrics::withheld(const std::string& channel, const std::string&) {
  families_->withheld.Add({{"channel", channel}}).Increment();
}
void Metrics::drill_refused(const Realm& realm, const std::string& channel,
                            const std::string& why) {
  families_->drill_refusals.Add({{"gameday", realm.gameday}}).Increment();
  spdlog::info("GameDay set {}: nothing left by {}: {}", realm.gameday, channel, why);
}
void Metrics::received(const std::string& integration, std::size_t firing, std::size_t resolved) {
  const auto count = [&](AlertStatus status, std::size_t alerts) {
    if (alerts > 0)
      families_->received
          .Add({{"integration", integration}, {"status", std::string(to_string(status))}})
          .Increment(static_cast<double>(alerts));
  };
  count(AlertStatus::firing, firing);
  count(AlertStatus::resolved, resolved);
}
void Metrics::rejected(const std::string& integration, const std::string& reason,
                       std::size_t alerts) {
  families_->rejected.Add({{"integration", integration}, {"reason", reason}})
      .Increment(static_cast<double>(alerts > 0 ? alerts : 1));
}
void Metrics::appended(Duration took) { families_->append_seconds.Observe(seconds(took)); }
void Metrics::limited(const std::string& integration, const Rate& limit, std::uint64_t requests) {
  spdlog::warn(
      "integration {} is past its limit of {} alerts on this node: {} of its requests were sent "
      "away, to come again",
      integration, format_rate(limit), requests);
}
void Metrics::clocks_differ(const std::string& integration, Duration ahead, bool tell) {
  families_->clocks_differ.Add({{"integration", integration}}).Increment();
  if (!tell) return;
  const auto by = std::chrono::round<std::chrono::seconds>(std::chrono::abs(ahead));
  spdlog::warn(
      "the clock of integration {}'s sender differs from ours: ours is {} {} about {}; its alerts "
      "are taken all the same, but set both clocks right (NTP): until then their times are wrong "
      "and what ends may be told late",
      integration, ahead > Duration::zero() ? "ahead" : "behind", "by", format_duration(by));
}

}  // namespace tocsin
