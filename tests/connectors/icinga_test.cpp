#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

const To icinga{"icinga"};

}  // namespace

TEST_CASE("an event of Icinga DB fires under its host and service", "[icinga]") {
  const Alert alert = icinga.only(fixture("icinga/process_event.json"));
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "mail-1!smtp");
  CHECK(alert.labels == Fields({{"alertname", "smtp"},
                                {"service", "smtp"},
                                {"host", "mail-1"},
                                {"hostgroups", "mail,dmz"},
                                {"os", "linux"},
                                {"team", "mail"},
                                {"severity", "CRIT"}}));
  CHECK(alert.annotations.get("summary") == "connect: connection refused");
  CHECK(alert.generator_url ==
        "https://icinga.example.com/icingadb/service?name=smtp&host.name=mail-1");
}

TEST_CASE("an event of the severity ok resolves it", "[icinga]") {
  const Alert over = icinga.only(with(fixture("icinga/process_event.json"), "\"crit\"", "\"ok\""));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == "mail-1!smtp");
}

TEST_CASE("other events of Icinga DB are words", "[icinga]") {
  const std::string body = fixture("icinga/process_event.json");
  CHECK(icinga.word(with(body, "\"state\"", "\"acknowledgement-set\"")).kind ==
        Said::Kind::acknowledged);
  CHECK(icinga.word(with(body, "\"state\"", "\"downtime-start\"")).kind == Said::Kind::noted);
}

TEST_CASE("what a channel or the event stream or a command says has the same key", "[icinga]") {
  for (
      const std::string& body :
      {fixture("icinga/channel.json"), fixture("icinga/stream.json"),
       std::string(
           R"({"notification.type":"Problem","host.name":"mail-1","service.name":"smtp","service.state":"CRITICAL"})")}) {
    INFO(body);
    const Alert alert = icinga.only(body);
    CHECK(alert.key == "mail-1!smtp");
    CHECK(alert.status == AlertStatus::firing);
  }
  CHECK(icinga.only(with(fixture("icinga/channel.json"), "\"crit\"", "\"ok\"")).status ==
        AlertStatus::resolved);
  CHECK(icinga.only(fixture("icinga/stream.json")).labels.get("severity") == "CRITICAL");
  CHECK(icinga.only(fixture("icinga/stream.json")).annotations.get("summary") ==
        "connect: connection refused");
  CHECK(icinga.word(R"({"notification_type":"DowntimeStart","host":"mail-1","author":"ada"})").by ==
        "ada");
}

TEST_CASE("Icinga DB is answered 202 and commands 200", "[icinga]") {
  const auto answered = [](const std::string& path) {
    IngestOutcome outcome;
    outcome.path = path;
    return find_source("icinga")->answer(outcome).status;
  };
  CHECK(answered("/process-event") == 202);
  CHECK(answered("/process-event/") == 202);
  CHECK(answered("") == 200);
  check_plain_answers("icinga");
}
