// Strangers' text made fit to be shown, and the small languages: times, durations, base 64.
#include "router/core/text.hpp"

#include <nlohmann/json.hpp>

#include "connectors/sources/json_repair.hpp"
#include "connectors/sources/payload.hpp"
#include "router/core/digest.hpp"
#include "router/core/schedule.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tocsin::fuzz {
namespace {

std::vector<std::string> seeds() {
  return {"one line\nand another\r\n\ttab",
          "\xe2\x80\xae right to left \xef\xbb\xbf",
          "\xff\xfe\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80",
          "2026-11-22T01:52:43.604+01:00",
          "2026-12-24T10:00",
          "1h30m250ms",
          "YWJj",
          "{\"a\": \"b\\qc\nd\", \"e\": NaN, \"f\": [Infinity]}",
          "{\"a\":\"\\ud800\"}",
          "a=1&b=%ff%0a&c",
          "\x1b[31mred\x07"};
}

void check_shown(const std::string& text, std::string_view but) {
  PROMISE(is_utf8(text), text);
  PROMISE(!has_control(text, but), text);
}

void check_times(std::string_view input) {
  if (const auto time = parse_rfc3339(input)) {
    const auto again = parse_rfc3339(format_rfc3339(*time));
    PROMISE(again, format_rfc3339(*time));
    PROMISE(std::chrono::abs(*again - *time) < std::chrono::milliseconds(1), format_rfc3339(*time));
  }
  if (const auto duration = parse_duration(input)) {
    const auto again = parse_duration(format_duration(*duration));
    PROMISE(again, format_duration(*duration));
    PROMISE(*again == *duration, format_duration(*duration));
  }
  if (const auto civil = parse_civil(input))
    PROMISE(CivilTime::from_seconds(civil->seconds()) == *civil, std::string(input));
}

}  // namespace

TOCSIN_FUZZ_TARGET(text, seeds) {
  check_shown(one_line(input), {});
  check_shown(plain_lines(input), "\n");
  PROMISE(one_line(one_line(input)) == one_line(input), one_line(input));
  const std::size_t most = input.empty() ? 0 : static_cast<unsigned char>(input[0]);
  const std::string shortened = cut(one_line(input), most);
  PROMISE(shortened.size() <= std::max<std::size_t>(most, 3), std::to_string(most));
  PROMISE(is_utf8(shortened), shortened);
  PROMISE(nlohmann::json::accept(json_string(input)), json_string(input));

  check_times(input);
  PROMISE(from_base64(base64(input)).value() == input, std::string(input));

  const std::string repaired = connectors::sources::repaired_json(input);
  if (nlohmann::json::accept(input)) PROMISE(nlohmann::json::accept(repaired), repaired);
  if (const auto tree = connectors::sources::Json::parse(input)) {
    PROMISE(is_utf8(tree->text()), "text of a tree");
    static_cast<void>(connectors::sources::time_of(*tree));
    static_cast<void>(tree->number());
  } else {
    check_error_text(tree.error().message);
  }
  for (const auto& [name, value] : connectors::sources::read_form(input))
    PROMISE(name.size() + value.size() <= input.size(), name);
  static_cast<void>(connectors::sources::read_multipart("multipart/form-data; boundary=b", input));
}

}  // namespace tocsin::fuzz
