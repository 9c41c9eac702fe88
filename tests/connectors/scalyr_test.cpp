#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

const To scalyr{"scalyr"};

std::string trigger() { return fixture("scalyr/trigger.json"); }

}  // namespace

TEST_CASE("an alert of Scalyr fires and ends under its id", "[scalyr]") {
  const Alert alert = scalyr.only(trigger());
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "f00ba4");
  CHECK(alert.labels ==
        Fields({{"alertname", "Too many errors in checkout"}, {"service", "checkout"}}));
  CHECK(alert.annotations.get("trigger") == "count:1m(error $serverHost contains 'checkout') > 10");
  CHECK(alert.generator_url == "https://app.scalyr.com/alerts/f00ba4");
  const Alert over = scalyr.only(with(trigger(), "\"trigger\"", "\"resolve\""));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == alert.key);
  CHECK(over.ends_at == kNow);
}

TEST_CASE("quotes that were not escaped do not cost the alert", "[scalyr]") {
  const Alert alert = scalyr.only(fixture("scalyr/not_escaped.txt"));
  CHECK(alert.key == "f00ba5");
  CHECK(alert.labels.get("alertname") == "Rate of \"5xx\" too high");
  CHECK(alert.annotations.get("description") == "It says \"no\", then\nnothing");
  CHECK(alert.annotations.get("trigger") ==
        "count:1m(status >= 500 message contains \"boom\") > 10");
  const Alert bare = scalyr.only(R"({"state":"trigger","id":f00ba6,"title":Too many, of them})");
  CHECK(bare.key == "f00ba6");
  CHECK(bare.labels.get("alertname") == "Too many, of them");
}

TEST_CASE("the URL may say everything or the state alone", "[scalyr]") {
  To to = scalyr;
  to.query = {{"key", "s3cret"}, {"state", "trigger"}, {"title", "Too many errors"}};
  const Alert alert = to.only("");
  CHECK(alert.key == "Too many errors");
  to.query = {{"key", "s3cret"}, {"state", "resolve"}};
  const Alert over = to.only(R"({"id":"7","title":"x"})");
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == "7");
  // A token that was not replaced says nothing.
  to.query = {{"state", "trigger"}, {"id", "#id#"}, {"message", "boom"}};
  CHECK(to.only("").key == "boom");
}

TEST_CASE("without a state or a name it is refused", "[scalyr]") {
  CHECK_THAT(scalyr.fault(R"({"id":"1"})"), Catch::Matchers::Contains("state"));
  CHECK_THAT(scalyr.fault(R"({"state":"trigger"})"),
             Catch::Matchers::Contains("neither id nor title"));
  check_plain_answers("scalyr");
}
