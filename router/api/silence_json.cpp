#include "router/api/silence_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rules/silence.hpp"

namespace tocsin::api {
namespace {

using json = nlohmann::ordered_json;

json silence(const control::Silence& s, WallTime now) {
  const Duration left =
      std::chrono::floor<std::chrono::seconds>(std::max(s.ends_at - now, Duration::zero()));
  return {{"id", s.id.text},
          {"matchers", s.matchers},
          {"starts_at", format_rfc3339(s.starts_at)},
          {"ends_at", format_rfc3339(s.ends_at)},
          {"by", s.by},
          {"why", s.why},
          {"state", state_of(s, now)},
          {"remaining", format_duration(left)}};
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<WallTime> time_of(const std::string& text, const char* field) {
  const auto time = parse_rfc3339(text);
  if (!time)
    return invalid(std::string(field) + ": " + time.error().message +
                   "; write e.g. 2026-11-22T14:00:00Z");
  return *time;
}

Result<WallTime> end_of(const ChangeBody& body, const control::Silence* before, WallTime from) {
  const std::string* const length = body.text("for");
  const std::string* const end = body.text("ends_at");
  if (length && end) return invalid("for, ends_at: say one of them");
  if (end) return time_of(*end, "ends_at");
  if (!length) {
    if (before) return before->ends_at;
    return invalid(R"(for: a silence has an end; write "for": "2h", or ends_at)");
  }
  const auto parsed = parse_duration(*length);
  if (!parsed) return invalid("for: " + parsed.error().message + R"(; write e.g. "2h" or "30m")");
  // Past it rules::make_silence refuses; here it only keeps the sum within numbers.
  return from + std::min(*parsed, rules::kLongestSilence + Duration(1));
}

}  // namespace

std::string_view state_of(const control::Silence& silence, WallTime now) {
  if (silence.ends_at <= now) return kEnded;
  return silence.starts_at > now ? kPending : kActive;
}

std::string silence_json(const control::Silence& silence, WallTime now) {
  return dump(api::silence(silence, now));
}

std::string silences_json(std::span<const control::Silence> silences, WallTime now) {
  json all = json::array();
  for (const control::Silence& each : silences) all.push_back(silence(each, now));
  return dump({{"silences", all}});
}

Result<control::Silence> silence_asked(const ChangeBody& body, const control::Silence* before,
                                       const std::string& by, WallTime now) {
  control::Silence asked;
  if (before) asked = *before;
  asked.by = by;
  if (body.matchers) asked.matchers = *body.matchers;
  // One that is over holds anew from now on.
  if (!before || before->ends_at <= now) asked.starts_at = now;
  if (const std::string* const start = body.text("starts_at")) {
    TOCSIN_TRY(asked.starts_at, time_of(*start, "starts_at"));
  }
  TOCSIN_TRY(asked.ends_at, end_of(body, before, std::max(now, asked.starts_at)));
  if (asked.ends_at <= now)
    return invalid("its end has passed; give a later one with for or ends_at");
  if (!before || body.text("why")) {
    TOCSIN_TRY(asked.why, needed_text(body, "why", rules::kMostSilenceWhyBytes));
  }
  return asked;
}

}  // namespace tocsin::api
