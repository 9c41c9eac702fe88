#include "tests/connectors/sent.hpp"

using namespace tocsin;
using namespace tocsin::connectors;
using namespace tocsin::testing;
using namespace tocsin::testing::sent;

namespace {

const To zabbix{"zabbix"};

std::string problem() { return fixture("zabbix/problem.json"); }

/// Somebody did this to the problem.
std::string updated(const std::string& action, const std::string& message) {
  return with(
      with(with(with(problem(), "\"event_update_status\": \"0\"", "\"event_update_status\": \"1\""),
                "{EVENT.UPDATE.ACTION}", action),
           "{EVENT.UPDATE.MESSAGE}", message),
      "{USER.FULLNAME}", "Ada Lovelace");
}

}  // namespace

TEST_CASE("a problem of Zabbix fires under the id of its event", "[zabbix]") {
  const Alert alert = zabbix.only(problem());
  CHECK(alert.status == AlertStatus::firing);
  CHECK(alert.key == "90817");
  // The severity by its number: its name can be changed. What a macro did not fill is not there.
  CHECK(alert.labels == Fields({{"alertname", "Disk of db-9 is full"},
                                {"severity", "Disaster"},
                                {"host", "db-9"},
                                {"address", "192.0.2.9"},
                                {"host_groups", "Databases"},
                                {"trigger", "14032"},
                                {"service", "orders"},
                                {"tag_scope", "capacity"}}));
  CHECK(alert.annotations.get("value") == "99 %");
  CHECK(alert.annotations.get("tag flag") == "yes");
  CHECK_FALSE(alert.annotations.find("item_value"));
  CHECK(alert.starts_at == at("2026-11-22T01:51:02Z"));
  CHECK(alert.generator_url ==
        "https://zabbix.example.com/tr_events.php?triggerid=14032&eventid=90817");
}

TEST_CASE("the recovery of a problem resolves it", "[zabbix]") {
  const Alert over =
      zabbix.only(with(with(problem(), "\"event_value\": \"1\"", "\"event_value\": \"0\""),
                       "{EVENT.RECOVERY.TIMESTAMP}", "1795312322"));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == "90817");
  CHECK(over.ends_at == at("2026-11-22T01:52:02Z"));
}

TEST_CASE("an update of a problem keeps it firing and passes on what people said", "[zabbix]") {
  const Parsed acknowledged = zabbix.parsed(updated("acknowledged", "looking"));
  REQUIRE(acknowledged.alerts.size() == 1);
  CHECK(acknowledged.alerts[0].status == AlertStatus::firing);
  REQUIRE(acknowledged.said.size() == 1);
  CHECK(acknowledged.said[0].kind == Said::Kind::acknowledged);
  CHECK(acknowledged.said[0].key == "90817");
  CHECK(acknowledged.said[0].by == "Ada Lovelace");
  CHECK(acknowledged.said[0].text == "looking");
  const Parsed noted = zabbix.parsed(updated("commented", "it is the backup"));
  REQUIRE(noted.said.size() == 1);
  CHECK(noted.said[0].kind == Said::Kind::noted);
  CHECK(noted.said[0].text == "it is the backup");
  CHECK(zabbix.parsed(updated("unacknowledged", "")).said.at(0).kind == Said::Kind::noted);
  CHECK(zabbix.parsed(problem()).said.empty());
}

TEST_CASE("the media types that Zabbix ships are read", "[zabbix]") {
  const std::string body = fixture("zabbix/on_call.json");
  const Alert firing = zabbix.only(body);
  CHECK(firing.key == "90818");
  CHECK(firing.labels.get("alertname") == "Agent of web-2 is silent");
  const Alert over = zabbix.only(with(body, "alerting", "ok"));
  CHECK(over.status == AlertStatus::resolved);
  CHECK(over.key == firing.key);

  const Alert ansible = zabbix.only(fixture("zabbix/ansible.json"));
  CHECK(ansible.key == "90819");
  CHECK(ansible.labels.get("severity") == "Average");
  CHECK(ansible.labels.get("host") == "web-3");
  CHECK(ansible.labels.get("host_groups") == "Linux servers,Web");
  CHECK(ansible.labels.get("service") == "web");
  CHECK(ansible.labels.get("tag_scope") == "availability");
  CHECK(ansible.starts_at == at("2026-11-22T01:51:02Z"));
}

TEST_CASE("without an id of the event the link or trigger and host are the key", "[zabbix]") {
  const std::string body =
      R"({"hostname":"web-4","severity":"High","status":"PROBLEM","trigger":"too slow","link":"https://z.example.com/?triggerid=1&eventid=77"})";
  const Alert linked = zabbix.only(body);
  CHECK(linked.key == "77");
  CHECK(linked.labels.get("severity") == "High");
  CHECK(zabbix.only(with(body, "PROBLEM", "OK")).status == AlertStatus::resolved);
  CHECK(zabbix.only(with(body, "eventid=77", "x")).key == "too slow/web-4");
}

TEST_CASE("discovery does not recover and so does not last long", "[zabbix]") {
  const auto lasts = [](const std::string& source) {
    return *zabbix
                .only(with(problem(), "\"event_source\": \"0\"",
                           "\"event_source\": \"" + source + "\""))
                .ends_at -
           kNow;
  };
  CHECK(lasts("0") == std::chrono::hours(24 * 7));
  CHECK(lasts("3") == std::chrono::hours(24 * 7));
  CHECK(lasts("1") == std::chrono::hours(24));
  CHECK(lasts("2") == std::chrono::hours(24));
}

TEST_CASE("a cancelled escalation ends its problem", "[zabbix]") {
  const Alert over = zabbix.only(
      R"({"event_id":"5","event_name":"x","message":"NOTE: Escalation cancelled: host disabled"})");
  CHECK(over.status == AlertStatus::resolved);
}

TEST_CASE("the test of the media type opens nothing", "[zabbix]") {
  CHECK(zabbix.nothing(
      R"({"event_id":"{EVENT.ID}","event_name":"{EVENT.NAME}","event_value":"{EVENT.VALUE}","host_name":"{HOST.NAME}"})"));
  CHECK_THAT(zabbix.fault("{}"), Catch::Matchers::Contains("neither event_id nor event_name"));
  check_plain_answers("zabbix");
}
