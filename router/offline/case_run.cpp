#include "router/offline/case_run.hpp"

#include <algorithm>

#include "router/core/text.hpp"
#include "router/ingest/reading.hpp"
#include "router/offline/expectations.hpp"
#include "router/offline/explain.hpp"
#include "rules/explanation.hpp"

namespace tocsin::offline {
namespace {

using engine::Rehearsal;
using settings::Case;
using settings::Given;

constexpr std::size_t kMostDecidedShown = 3;
/// Any moment of the steady clock, far enough from its beginning.
constexpr Duration kUptime = std::chrono::hours(24);

class Run {
 public:
  Run(const Case& test, const CaseGround& ground)
      : test_(test),
        ground_(ground),
        integration_(ground.integrations->at(test.integration)),
        rehearsal_(ground.configuration, Instant{test.at, 1, kUptime}) {}

  CaseResult result() {
    for (const Given& given : test_.given) {
      rehearsal_.advance(given.after - rehearsal_.elapsed());
      happen(given);
    }
    rehearsal_.advance(test_.watch - rehearsal_.elapsed());
    if (!rehearsal_.complete())
      fail(test_.place, "a test that can be followed to its end",
           "there was too much to follow; give less, or watch it for a shorter time");
    for (const settings::Expected& expected : test_.expect)
      if (auto failure = unmet(expected, rehearsal_, rejected_.size()))
        result_.failures.push_back(std::move(*failure));
    check_rejected();
    if (!result_.passed()) tell_decisions();
    return std::move(result_);
  }

 private:
  void fail(const settings::Place& place, std::string expected, std::string instead) {
    result_.failures.push_back({place, std::move(expected), std::move(instead)});
  }

  void happen(const Given& given) {
    switch (given.what) {
      case Given::What::alert:
        return post({alert_of(given, AlertStatus::firing)});
      case Given::What::resolve:
        return resolve(given);
      case Given::What::acknowledge:
        return acknowledge(given);
      case Given::What::payload:
        return payload(given);
    }
  }

  // Alerts that are written out are alike when their labels are, as with every source.
  Alert alert_of(const Given& given, AlertStatus status) const {
    const auto fields = [](const settings::Labels& labels) {
      return Fields(std::vector<Fields::Pair>(labels.begin(), labels.end()));
    };
    Alert alert;
    alert.labels = fields(given.labels);
    alert.annotations = fields(given.annotations);
    for (const auto& [name, value] : alert.labels)
      alert.key += json_string(name) + json_string(value);
    alert.labels = alert.labels.with_defaults(integration_.labels);
    alert.status = status;
    alert.starts_at = rehearsal_.now().wall;
    return alert;
  }

  void post(std::vector<Alert> alerts) { rehearsal_.alerts(test_.integration, std::move(alerts)); }

  void resolve(const Given& given) {
    Alert alert = alert_of(given, AlertStatus::resolved);
    alert.ends_at = rehearsal_.now().wall;
    const std::size_t before = rehearsal_.ignored().size();
    post({std::move(alert)});
    if (rehearsal_.ignored().size() > before)
      fail(given.place, "an alert with exactly these labels to resolve: " + words(given.labels),
           rehearsal_.ignored().back().why);
  }

  void acknowledge(const Given& given) {
    bool any = false;
    for (const engine::IncidentView& view : rehearsal_.incidents()) {
      if (view.incident.state != engine::IncidentState::open) continue;
      const bool wanted = std::any_of(
          view.alerts.begin(), view.alerts.end(),
          [&](const engine::AlertState& each) { return has_labels(each.alert, given.labels); });
      if (wanted) any |= rehearsal_.acknowledge(view.incident.id, given.by);
    }
    if (!any)
      fail(given.place, "an open incident for " + given.by + " to acknowledge", "there is none");
  }

  void payload(const Given& given) {
    auto content = ground_.payload(given.payload);
    if (!content)
      return fail(given.place, "a payload in " + given.payload, content.error().message);
    HttpRequest request;
    request.method = "POST";
    request.body = std::move(*content);
    request.received = rehearsal_.now();
    auto parsed = ingest::read_alerts(integration_, request);
    if (!parsed)
      return fail(given.place, "a payload that can be used", one_line(parsed.error().message));
    for (const connectors::Rejected& each : parsed->rejected) rejected_.push_back({&given, each});
    post(std::move(parsed->alerts));
  }

  // A payload with an alert that cannot be used is a mistake, unless the test is about that.
  void check_rejected() {
    for (const settings::Expected& expected : test_.expect)
      if (expected.what == settings::Expected::What::rejected) return;
    if (rejected_.empty()) return;
    const auto& [given, first] = rejected_.front();
    fail(given->place, "a payload whose every alert can be used",
         "alert " + std::to_string(first.index + 1) + ": " + one_line(first.what));
  }

  void tell_decisions() {
    std::size_t shown = 0;
    for (const engine::DecidedAlert& decided : rehearsal_.decided()) {
      if (shown++ == kMostDecidedShown) {
        result_.decided.push_back(
            "and " + std::to_string(rehearsal_.decided().size() - kMostDecidedShown) + " more");
        return;
      }
      result_.decided.push_back(moment(decided.after) + " " + title_of(decided.alert) + ": " +
                                summary(decided.decision));
      for (const Reason& reason : decided.decision.reasons)
        result_.decided.push_back("  " + one_line(sentence(reason)));
      tell_missed_rules(decided);
    }
  }

  // Of a rule that a test expects and that did not speak, the reason is what its writer looks for.
  void tell_missed_rules(const engine::DecidedAlert& decided) {
    std::vector<std::string> wanted;
    for (const settings::Expected& expected : test_.expect)
      if (expected.rule && !expected.rule->empty() && *expected.rule != decided.decision.rule &&
          has_labels(decided.alert, expected.of))
        wanted.push_back(*expected.rule);
    if (wanted.empty()) return;
    const auto& words = ground_.configuration->integrations.at(test_.integration).severities;
    for (const rules::TriedRule& tried :
         rules::explain(ground_.configuration->rules, decided.alert.labels, words).rules)
      if (std::find(wanted.begin(), wanted.end(), tried.name) != wanted.end())
        result_.decided.push_back("  rule " + tried.name + ": " + sentence(tried));
  }

  const Case& test_;
  const CaseGround& ground_;
  const ingest::Integration& integration_;
  Rehearsal rehearsal_;
  std::vector<std::pair<const Given*, connectors::Rejected>> rejected_;
  CaseResult result_;
};

}  // namespace

CaseResult run_case(const Case& test, const CaseGround& ground) {
  return Run(test, ground).result();
}

}  // namespace tocsin::offline
