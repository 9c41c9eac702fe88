#include "router/engine/configuration_codec.hpp"

#include "router/core/codec.hpp"

namespace tocsin::engine {
namespace {

using namespace codec;

constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kHashCharacters = 16;

void write(Writer& out, const std::vector<rules::Matcher>& matchers) {
  write_list(out, matchers, [&](const rules::Matcher& matcher) { out.text(matcher.text()); });
}
std::vector<rules::Matcher> read_matchers(Reader& in) {
  std::vector<rules::Matcher> matchers;
  for (const std::string& text : read_strings(in)) {
    auto matcher = rules::Matcher::parse(text);
    if (!matcher) {
      in.fail();
      break;
    }
    matchers.push_back(std::move(*matcher));
  }
  return matchers;
}

// Runbook and remedy have their form in a decision already.
void write(Writer& out, const rules::Rule& rule) {
  Decision parts;
  parts.runbook = rule.runbook;
  parts.remedy = rule.remedy;
  parts.severity = rule.severity.value_or(Severity::error);
  parts.after = rule.after.value_or(Duration::zero());
  parts.impact = rule.impact;
  parts.policy = rule.page;
  parts.manual = rule.manual;
  parts.tell = rule.tell;
  parts.team_channel = rule.team_channel;
  parts.rule = rule.name;
  parts.team = rule.team;
  out.array(6);
  codec::write(out, parts);
  write(out, rule.matchers);
  out.boolean(rule.severity.has_value()).boolean(rule.after.has_value());
  out.text(rule.suppress).boolean(rule.go_on);
}
rules::Rule read_rule(Reader& in) {
  rules::Rule rule;
  read_array(in, 6, [&] {
    Decision parts = read_decision(in);
    rule.matchers = read_matchers(in);
    if (in.boolean()) rule.severity = parts.severity;
    if (in.boolean()) rule.after = parts.after;
    rule.suppress = read_string(in);
    rule.go_on = in.boolean();
    rule.name = std::move(parts.rule);
    rule.team = std::move(parts.team);
    rule.impact = std::move(parts.impact);
    rule.page = std::move(parts.policy);
    rule.runbook = std::move(parts.runbook);
    rule.remedy = std::move(parts.remedy);
    rule.manual = std::move(parts.manual);
    rule.tell = std::move(parts.tell);
    rule.team_channel = std::move(parts.team_channel);
  });
  return rule;
}

void write(Writer& out, const rules::RuleSet& rules) {
  out.array(4).text(rules.default_policy()).text(rules.default_team());
  out.text(rules.default_team_channel());
  write_list(out, rules.rules(), [&](const rules::Rule& rule) { write(out, rule); });
}
rules::RuleSet read_rules(Reader& in) {
  rules::RuleSet set;
  read_array(in, 4, [&] {
    std::string policy = read_string(in), team = read_string(in), channel = read_string(in);
    auto rules = read_list<rules::Rule>(in, [&] { return read_rule(in); });
    set = rules::RuleSet(std::move(rules), std::move(policy), std::move(team), std::move(channel));
  });
  return set;
}

void write(Writer& out, const std::string& name, const IntegrationRules& rules) {
  const bool beats = !rules.heartbeats.empty();
  out.array(beats ? 7 : rules.gamedays.empty() ? 5 : 6).text(name);
  codec::write(out, rules.group_by);
  out.array(rules.severities.size());
  for (const auto& [word, severity] : rules.severities) {
    out.array(2).text(word);
    write_enum(out, severity);
  }
  codec::write(out, rules.resolve_after);
  codec::write(out, rules.reopen_within);
  if (beats || !rules.gamedays.empty()) codec::write(out, rules.gamedays);
  if (!beats) return;
  write_list(out, rules.heartbeats, [&](const Heartbeat& heartbeat) {
    out.array(3).text(heartbeat.name);
    codec::write(out, heartbeat.within);
    codec::write(out, heartbeat.labels);
  });
}
void read_integration(Reader& in, Configuration& configuration) {
  read_growing_array(in, 5, 7, [&](std::size_t items) {
    IntegrationRules& rules = configuration.integrations[read_string(in)];
    rules.group_by = read_strings(in);
    read_list<int>(in, [&] {
      read_array(in, 2, [&] {
        std::string word = read_string(in);
        rules.severities[std::move(word)] = read_enum(in, Severity::critical);
      });
      return 0;
    });
    rules.resolve_after = read_duration(in);
    rules.reopen_within = read_duration(in);
    if (items > 5) rules.gamedays = read_strings(in);
    if (items > 6)
      rules.heartbeats = read_list<Heartbeat>(in, [&] {
        Heartbeat heartbeat;
        read_array(in, 3, [&] {
          heartbeat.name = read_string(in);
          heartbeat.within = read_duration(in);
          heartbeat.labels = read_fields(in);
        });
        return heartbeat;
      });
  });
}

void write(Writer& out, const std::optional<WallTime>& time) {
  if (time)
    codec::write(out, *time);
  else
    out.null();
}
std::optional<WallTime> read_time(Reader& in) {
  return in.null_next() ? std::nullopt : std::optional(read_wall(in));
}

std::uint64_t bits_of(const Weekdays& days) {
  std::uint64_t bits = 0;
  for (int day = 0; day < kWeekdays; ++day)
    if (days.has(static_cast<Weekday>(day))) bits |= 1u << day;
  return bits;
}
Weekdays days_of(std::uint64_t bits) {
  Weekdays days;
  for (int day = 0; day < kWeekdays; ++day)
    if (bits & (1u << day)) days.add(static_cast<Weekday>(day));
  return days;
}

void write(Writer& out, const rules::Window& window) {
  out.array(10).text(window.name).text(window.team).text(window.why);
  write(out, window.matchers);
  out.text(window.schedule.zone.name()).unsigned_number(bits_of(window.schedule.days));
  out.number(window.schedule.from_minute).number(window.schedule.until_minute);
  write(out, window.schedule.from);
  write(out, window.schedule.until);
}
rules::Window read_window(Reader& in) {
  rules::Window window;
  read_array(in, 10, [&] {
    window.name = read_string(in);
    window.team = read_string(in);
    window.why = read_string(in);
    window.matchers = read_matchers(in);
    auto zone = Zone::load(read_string(in));
    if (!zone) return in.fail();
    window.schedule.zone = std::move(*zone);
    window.schedule.days = days_of(in.unsigned_number());
    window.schedule.from_minute = static_cast<int>(in.number());
    window.schedule.until_minute = static_cast<int>(in.number());
    window.schedule.from = read_time(in);
    window.schedule.until = read_time(in);
  });
  return window;
}

void write(Writer& out, const gameday::Set& set) {
  out.array(9).text(set.name).text(set.team);
  write(out, set.copies);
  const auto pairs = [&](const auto& all) {
    out.array(all.size());
    for (const auto& [name, value] : all) out.array(2).text(name).text(value);
  };
  pairs(set.as);
  out.text(set.page);
  pairs(set.channels);
  out.boolean(set.may_page_production);
  if (set.stop_if)
    write_enum(out, *set.stop_if);
  else
    out.null();
  codec::write(out, set.longest);
}
gameday::Set read_set(Reader& in) {
  gameday::Set set;
  const auto pair = [&] {
    std::pair<std::string, std::string> read;
    read_array(in, 2, [&] {
      read.first = read_string(in);
      read.second = read_string(in);
    });
    return read;
  };
  read_array(in, 9, [&] {
    set.name = read_string(in);
    set.team = read_string(in);
    set.copies = read_matchers(in);
    set.as = read_list<std::pair<std::string, std::string>>(in, pair);
    set.page = read_string(in);
    for (auto& each : read_list<std::pair<std::string, std::string>>(in, pair))
      set.channels.insert(std::move(each));
    set.may_page_production = in.boolean();
    if (!in.null_next()) set.stop_if = read_enum(in, Severity::critical);
    set.longest = read_duration(in);
  });
  return set;
}

// Those of a configuration that has any: all others are written, and called, as before.
void write_gamedays(Writer& out, const Configuration& configuration) {
  out.array(configuration.gamedays.size());
  for (const auto& each : configuration.gamedays) write(out, each.second);
  out.array(configuration.hooks_in_drill.size());
  for (const auto& [hook, what] : configuration.hooks_in_drill) {
    out.array(2).text(hook);
    write_enum(out, what);
  }
}
void read_gamedays(Reader& in, Configuration& configuration) {
  for (gameday::Set& set : read_list<gameday::Set>(in, [&] { return read_set(in); }))
    configuration.gamedays.emplace(set.name, set);
  read_list<int>(in, [&] {
    read_array(in, 2, [&] {
      std::string hook = read_string(in);
      configuration.hooks_in_drill[std::move(hook)] = read_enum(in, gameday::kLastHookInDrill);
    });
    return 0;
  });
}

}  // namespace

std::string encode(const Configuration& configuration) {
  Writer out;
  const bool drills = !configuration.gamedays.empty() || !configuration.hooks_in_drill.empty();
  out.array(drills ? 8 : 6).unsigned_number(kVersion).text(configuration.default_policy);
  write(out, configuration.rules);
  out.array(configuration.integrations.size());
  for (const auto& [name, rules] : configuration.integrations) write(out, name, rules);
  out.array(configuration.policies.size());
  for (const auto& [name, policy] : configuration.policies) codec::write(out, policy);
  write_list(out, configuration.windows, [&](const rules::Window& window) { write(out, window); });
  if (drills) write_gamedays(out, configuration);
  return out.take();
}

Result<Configuration> decode_configuration(std::string_view bytes) {
  Reader in(bytes);
  Configuration configuration;
  read_growing_array(in, 6, 8, [&](std::size_t items) {
    if (in.unsigned_number() != kVersion) return in.fail();
    configuration.default_policy = read_string(in);
    configuration.rules = read_rules(in);
    read_list<int>(in, [&] {
      read_integration(in, configuration);
      return 0;
    });
    for (Policy& policy : read_list<Policy>(in, [&] { return read_policy(in); }))
      configuration.policies.emplace(policy.name, policy);
    configuration.windows = read_list<rules::Window>(in, [&] { return read_window(in); });
    if (items > 7) read_gamedays(in, configuration);
  });
  if (!in.ok() || !in.at_end()) return corrupt("not a configuration of this version");
  configuration.hash = hash_of(configuration);
  return configuration;
}

std::string hash_of(const Configuration& configuration) {
  return hex(sha256(encode(configuration))).substr(0, kHashCharacters);
}

}  // namespace tocsin::engine
