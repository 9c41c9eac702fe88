#include "router/api/override_asked.hpp"

#include <algorithm>

#include "router/core/text.hpp"
#include "router/core/zone.hpp"

namespace tocsin::api {
namespace {

Result<std::string> person_asked(const ChangeBody& body, const OnCallView& view) {
  const std::string* const name = body.text("person");
  if (!name) return invalid(R"(person: say who is on call instead; write e.g. {"person": "ada"})");
  const auto person = view.person(*name);
  if (!person) return invalid("person: " + person.error().message);
  if (ways_to(**person).empty())
    return invalid("person: " + (*person)->name +
                   " has no contact, so nobody would be paged; add one to people in the "
                   "configuration");
  return *name;
}

Result<WallTime> end_asked(const ChangeBody& body, WallTime from, const Zone& zone) {
  const std::string* const end = body.text("until");
  const std::string* const length = body.text("for");
  if (!end == !length)
    return invalid(end ? "until, for: say one of them"
                       : R"(until: an override has an end; write "for": "8h", or until)");
  if (end) return time_asked(*end, "until", zone, true);
  const auto parsed = parse_duration(*length);
  if (!parsed) return invalid("for: " + parsed.error().message + R"(; write e.g. "8h" or "2d")");
  // Past it the length is refused; here it only keeps the sum within numbers.
  return from + std::min(*parsed, engine::kLongestOverride + Duration(1));
}

Status check_times(const control::RotaOverride& asked, WallTime now) {
  if (asked.from < now - kEarliestOverride)
    return invalid("from: more than " + format_duration(kEarliestOverride) +
                   " ago; leave it out for now");
  if (asked.from > now + kLatestOverride)
    return invalid("from: more than " + format_duration(kLatestOverride) +
                   " away; make it when it is nearer");
  if (asked.until <= asked.from)
    return invalid("until: " + format_rfc3339(asked.until) + " is not after " +
                   format_rfc3339(asked.from) + ", when it begins; give a later one");
  if (asked.until <= now)
    return invalid("until: " + format_rfc3339(asked.until) + " has passed; give a later one");
  if (asked.until - asked.from > engine::kLongestOverride)
    return invalid("until: an override lasts " + format_duration(engine::kLongestOverride) +
                   " at most; for longer than that change the rota in the configuration");
  return ok();
}

}  // namespace

Result<WallTime> time_asked(std::string_view text, std::string_view field, const Zone& zone,
                            bool is_end) {
  if (const auto time = parse_rfc3339(text)) return *time;
  if (const auto civil = parse_civil(text)) {
    const Moments moments = zone.moments(*civil);
    return is_end ? moments.last : moments.first;
  }
  return invalid(std::string(field) +
                 ": not a time; write one such as 2026-12-24T10:00:00Z, or 2026-12-24T10:00 for " +
                 zone.name());
}

Result<control::RotaOverride> override_asked(const ChangeBody& body, const OnCallView& view,
                                             const oncall::Rota& rota, const std::string& by,
                                             WallTime now) {
  control::RotaOverride asked;
  asked.rota = rota.name;
  asked.by = by;
  TOCSIN_TRY(asked.person, person_asked(body, view));
  asked.from = now;
  if (const std::string* const from = body.text("from")) {
    TOCSIN_TRY(asked.from, time_asked(*from, "from", rota.time_zone));
  }
  TOCSIN_TRY(asked.until, end_asked(body, asked.from, rota.time_zone));
  TOCSIN_TRY([[maybe_unused]] const Unit sound, check_times(asked, now));
  if (const std::string* const why = body.text("why")) {
    if (why->size() > kMostOverrideWhyBytes)
      return invalid("why: longer than " + std::to_string(kMostOverrideWhyBytes) +
                     " bytes; write less");
    asked.why = one_line(*why);
  }
  return asked;
}

}  // namespace tocsin::api
