// What the channel `pushover` posts, and how it reads the answers.
#include "connectors/channel.hpp"
#include "tests/catch.hpp"
#include "tests/connectors/contract.hpp"
#include "tests/connectors/hearing.hpp"
#include "tests/connectors/notification.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using namespace std::chrono_literals;

namespace {

struct House {
  Receiver receiver;
  std::unique_ptr<Channel> channel = made();
  Attempt said;

  std::unique_ptr<Channel> made() {
    const ChannelSpec& spec = *find_channel("pushover");
    auto made = spec.make(talking_to(receiver, spec.fields), {});
    if (!made) FAIL(made.error().message);
    return std::move(*made);
  }
  ReceivedRequest post(const Notification& n) {
    said = channel->deliver(n, 20s);
    REQUIRE_FALSE(receiver.requests().empty());
    return receiver.requests().back();
  }
  nlohmann::json json(const Notification& n) { return nlohmann::json::parse(post(n).body); }
  void answers(int status, const std::string& body) {
    receiver.answer_with({Reply::Kind::answer, status, "", body});
  }
};

std::string value(const std::string& form, const std::string& name) {
  const std::string all = "&" + form;
  const std::size_t at = all.find("&" + name + "=");
  if (at == std::string::npos) return {};
  return form_values(all.substr(at + 1)).front();
}

}  // namespace

TEST_CASE("pushover: a critical page is repeated and a drill or an error is not") {
  House house;
  Notification page = sample_notification();
  const std::string critical = house.post(page).body;
  CHECK(value(critical, "priority") == "2");
  CHECK(value(critical, "retry") == "60");
  CHECK(value(critical, "user") == "ada-phone");
  CHECK(value(critical, "url") == page.acknowledge_url);
  page.severity = Severity::error;
  const std::string error = house.post(page).body;
  CHECK(value(error, "priority") == "1");
  CHECK(value(error, "retry") == "");
  CHECK(value(house.post(sample_drill()).body, "priority") == "1");
  page.severity = Severity::warning;
  CHECK(value(house.post(page).body, "priority") == "0");
  page.severity = Severity::info;
  CHECK(value(house.post(page).body, "priority") == "-1");
}

TEST_CASE("pushover: many pages at once pass quiet hours as one of them does and do not repeat") {
  House house;
  Notification bundle = sample_notification();
  bundle.kind = MessageKind::bundle;
  for (const Severity severity : {Severity::critical, Severity::error}) {
    bundle.severity = severity;
    const std::string form = house.post(bundle).body;
    CHECK(value(form, "priority") == "1");
    CHECK(value(form, "retry") == "");
  }
}

TEST_CASE("pushover: title and message are within its limits") {
  House house;
  Notification page = sample_notification();
  page.title = std::string(2'000, 't');
  page.tried.assign(50, std::string(600, 'x'));
  const std::string form = house.post(page).body;
  CHECK(value(form, "title").size() <= 250);
  CHECK(value(form, "message").size() <= 1024);
}

TEST_CASE(
    "pushover: what is seen on the phone is posted to the page's link if that can be reached") {
  House house;
  Notification page = sample_notification();
  CHECK(value(house.post(page).body, "callback").empty());  // to http://localhost
  page.acknowledge_url = "https://tocsin.example.com/p/x.y";
  CHECK(value(house.post(page).body, "callback") == page.acknowledge_url);
  page.severity = Severity::error;  // no receipt
  CHECK(value(house.post(page).body, "callback").empty());
}

TEST_CASE("pushover: a receipt that was acknowledged acknowledges and says by whom") {
  Heard heard("pushover", {});
  heard.post(
      "receipt=rLqVuqTRh62UzxtmqiaLzQmVcPgiCy&acknowledged=1&acknowledged_at=1787221000"
      "&acknowledged_by=uAda&acknowledged_by_device=phone");
  const Spoken spoken = heard.heard();
  CHECK(spoken.wish == Wish::acknowledge);
  CHECK(spoken.addresses == std::vector<std::string>{"uAda"});
  CHECK(heard.answer(acknowledged_by_ada()).response.status == 200);
  CHECK(heard.answer({Ended::How::again, "Not now.", {}, {}}).response.status == 503);
  CHECK(heard.post("receipt=r&acknowledged=0").heard().wish == Wish::nothing);
  for (const char* body : {"", "acknowledged=1", "{}"}) CHECK_FALSE(heard.post(body).hear());
}
