// When a target of a step reaches somebody, worked out once for each target and severity over a
// stretch of time. Inside of the room.
#pragma once

#include <map>
#include <tuple>

#include "router/oncall/coverage.hpp"
#include "router/oncall/spans.hpp"

namespace tocsin::oncall {

/// Each is part of the one before.
struct Reached {
  Spans somebody;  // a person is named or on call
  Spans contact;   // who has a contact that works, for the severity
  Spans at_once;   // and no quiet hours, unless it is critical
};

class Reach {
 public:
  /// All that it is given outlives it.
  Reach(const Roster& roster, const Works& works, Span time)
      : roster_(roster), works_(works), time_(time) {}

  const Span& time() const { return time_; }

  /// Of a person or a rota. The answer stays where it is.
  const Reached& of(const Target& target, Severity severity);
  /// When hours hold, within the time; without any, always. They and the answer stay where they
  /// are.
  const Spans& within_hours(const std::vector<Schedule>& hours);
  /// Adds who is named or on call at any time of a stretch, each once.
  void add_people(const Target& target, const Span& span, std::vector<std::string>& people);

 private:
  bool has_contact(const Person& person, Severity severity);
  bool works(const Person& person, const Way& way);
  const std::vector<Shift>& shifts_of(const std::string& rota);
  void add(const Person& person, const Span& span, Severity severity, Reached& reached);

  const Roster& roster_;
  const Works& works_;
  const Span time_;
  std::map<std::tuple<Target::Kind, std::string, Severity>, Reached> reached_;
  std::map<std::string, std::vector<Shift>, std::less<>> shifts_;
  std::map<const std::vector<Schedule>*, Spans> hours_;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, bool> works_known_;
};

}  // namespace tocsin::oncall
