// A maintenance window: which alerts it covers, and when.
#include "rules/window.hpp"

#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::rules;

namespace {
WallTime at(std::string_view text) { return parse_rfc3339(text).value(); }
}  // namespace

TEST_CASE("a maintenance window covers what its matchers match while its schedule holds") {
  Schedule night;
  night.zone = Zone::load("Europe/Berlin").value();
  night.from_minute = 22 * 60;
  night.until_minute = 4 * 60;
  const Window window{"nightly", "cdp", "backups", {Matcher::parse("service=api").value()}, night};
  const Fields api(std::vector<Fields::Pair>{{"service", "api"}});
  CHECK(covers(window, api, at("2026-11-21T22:00:00Z")));
  CHECK_FALSE(covers(window, api, at("2026-11-21T12:00:00Z")));
  CHECK_FALSE(covers(window, Fields(), at("2026-11-21T22:00:00Z")));
}
