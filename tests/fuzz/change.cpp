// What comes to the API in bodies and queries: changes, silences, forms.
#include <nlohmann/json.hpp>

#include "router/api/request_body.hpp"
#include "router/api/silence_json.hpp"
#include "router/core/text.hpp"
#include "rules/silence.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

using namespace api;

constexpr WallTime kNow{std::chrono::seconds(1'795'312'363)};

std::vector<std::string> seeds() {
  return {R"({"matchers": ["service=\"api\"", "a=~\"b.*\""], "for": "2h", "why": "upgrade"})",
          R"({"matchers": [{"name": "a", "value": "b", "isRegex": true, "isEqual": false}],)"
          R"( "starts_at": "2026-12-24T10:00:00Z", "ends_at": "2026-12-24T14:00:00Z", "why": "x"})",
          "do=acknowledge",
          "open,acknowledged",
          "2026-12-24T10:00",
          R"({"id": "s", "why": null})",
          "[[[[[[[[[[[[[",
          "{\"a\": \"\\ud800\"}"};
}

}  // namespace

TOCSIN_FUZZ_TARGET(change, seeds) {
  const std::string all(input);
  const auto body = read_change(input, kSilenceFields);
  if (!body) {
    check_error_text(body.error().message);
  } else if (const auto asked = silence_asked(*body, nullptr, "ada", kNow)) {
    PROMISE(asked->ends_at > asked->starts_at && !asked->matchers.empty(), all);
    const std::string json = silence_json(*asked, kNow);
    PROMISE(nlohmann::json::accept(json), json);
    if (const auto made = rules::make_silence(*asked))
      PROMISE(!rules::all_match(made->matchers, Fields()), "a silence of everything");
    else
      check_error_text(made.error().message);
  } else {
    check_error_text(asked.error().message);
  }

  HttpRequest request;
  request.method = "POST";
  request.body = all;
  request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  if (const auto choice = form_choice(request); !choice) check_error_text(choice.error().message);
  constexpr std::string_view kStates[] = {"open", "acknowledged", "resolved"};
  if (const auto words = words_asked("state", input, kStates); !words)
    check_error_text(words.error().message);
}

}  // namespace tocsin::fuzz
