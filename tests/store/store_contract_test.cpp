// The promises of router/store/store.hpp, held against every store that there is.
#include <atomic>
#include <random>
#include <thread>

#include "tests/store/subject.hpp"
#include "tests/store/tools.hpp"

namespace tocsin::store::testing {
namespace {

void save(Store& store, const std::vector<History>& incidents,
          const std::vector<Snapshot>& snapshots = {}) {
  const Status saved = store.save(incidents, snapshots);
  if (!saved) FAIL(saved.error().message);
}

/// Every page of a query, one after the other.
std::vector<History> all_pages(Store& store, Query query) {
  std::vector<History> all;
  for (int pages = 0;; ++pages) {
    REQUIRE(pages < 1000);
    Result<Page> page = store.history(query);
    REQUIRE(page);
    REQUIRE(page->incidents.size() <= query.limit);
    for (History& each : page->incidents) all.push_back(std::move(each));
    if (page->next.empty()) return all;
    query.cursor = page->next;
  }
}

bool is_wanted(const History& incident, const Query& query) {
  return (query.states.empty() ||
          std::count(query.states.begin(), query.states.end(), incident.state) != 0) &&
         (query.team.empty() || incident.team == query.team) &&
         (!query.severity || incident.severity == *query.severity) &&
         (!query.gameday || incident.gameday == *query.gameday) &&
         incident.opened_at >= query.since;
}

}  // namespace

TEST_CASE("an incident comes back as it was saved") {
  const Subject subject = each_store();
  INFO(subject.name);
  History saved = incident("7c1m9xk2r0v4h8qa", 5, "c'dp", Severity::critical, "cdp-staging");
  saved.alerts = {{"b"}, {"a"}, {"c"}};
  saved.configurations = {"two", "one"};
  save(*subject.store, {saved});
  const Result<Page> page = subject.store->history({});
  REQUIRE(page);
  REQUIRE(page->incidents.size() == 1);
  CHECK(page->incidents[0] == saved);
  CHECK(page->next.empty());
  CHECK(subject.store->find_incident("7c1m")->value() == saved);
  for (const char* alert : {"a", "b", "c"})
    CHECK(subject.store->find_alert({alert})->value() == saved);
}

TEST_CASE("saving the same again changes nothing and saving it otherwise replaces it") {
  const Subject subject = each_store();
  INFO(subject.name);
  const History first = incident("7c1m", 5);
  for (int i = 0; i < 3; ++i) save(*subject.store, {first}, {{1, 10, "one"}});
  CHECK(all_pages(*subject.store, {}).size() == 1);
  History later = incident("7c1m", 7, "platform", Severity::info);
  later.alerts = {{"another"}};
  later.configurations = {};
  save(*subject.store, {later}, {{1, 10, "otherwise"}});
  const auto all = all_pages(*subject.store, {});
  REQUIRE(all.size() == 1);
  CHECK(all[0] == later);
  CHECK_FALSE(subject.store->find_alert(first.alerts[0])->has_value());
  Query query;
  query.team = "cdp";
  CHECK(all_pages(*subject.store, query).empty());
  CHECK(*subject.store->snapshots() == std::vector<Snapshot>{{1, 10, "otherwise"}});
}

TEST_CASE("what lags does not undo what another has saved until the snapshots are discarded") {
  const Subject subject = each_store();
  INFO(subject.name);
  History older = incident("7c1m", 5);
  History newer = incident("7c1m", 5, "platform");
  older.position = 20;
  newer.position = 30;
  older.alerts.push_back({"of the older"});
  newer.alerts.push_back({"of the newer"});
  save(*subject.store, {newer}, {{1, 30, "newer"}, {2, 7, "of 2"}});
  save(*subject.store, {older, incident("8d2n", 6)}, {{1, 20, "older"}, {2, 8, "of 2 later"}});
  const auto kept = subject.store->find_incident("7c1m");
  REQUIRE((kept && *kept));
  CHECK((*kept)->team == "platform");
  CHECK(subject.store->find_alert({"of the newer"})->has_value());
  CHECK_FALSE(subject.store->find_alert({"of the older"})->has_value());
  CHECK(all_pages(*subject.store, {}).size() == 2);
  CHECK(*subject.store->snapshots() ==
        std::vector<Snapshot>{{1, 30, "newer"}, {2, 8, "of 2 later"}});
  REQUIRE(subject.store->discard_snapshots());
  save(*subject.store, {older}, {{1, 20, "older"}});
  CHECK(subject.store->find_incident("7c1m")->value().team == "cdp");
  CHECK(*subject.store->snapshots() == std::vector<Snapshot>{{1, 20, "older"}});
}

TEST_CASE("a store that was not emptied keeps its name") {
  const Subject subject = each_store();
  INFO(subject.name);
  const auto first = subject.store->generation();
  REQUIRE(first);
  CHECK_FALSE(first->empty());
  save(*subject.store, {incident("7c1m", 5)}, {{1, 10, "one"}});
  REQUIRE(subject.store->discard_snapshots());
  CHECK(*subject.store->forget(minute(1000)) == 1);
  CHECK(*subject.store->generation() == *first);
}

TEST_CASE("a store that was emptied has another name and works") {
  Subject subject = each_store();
  INFO(subject.name);
  const auto first = subject.store->generation();
  REQUIRE(first);
  save(*subject.store, {incident("7c1m", 5)}, {{1, 10, "one"}});
  subject.empty();
  const auto second = subject.store->generation();
  REQUIRE(second);
  CHECK(*second != *first);
  CHECK(*subject.store->generation() == *second);
  CHECK(subject.store->snapshots()->empty());
  CHECK(all_pages(*subject.store, {}).empty());
  save(*subject.store, {incident("7c1m", 5)}, {{1, 10, "one"}});
  CHECK(subject.store->snapshots()->size() == 1);
  CHECK(all_pages(*subject.store, {}).size() == 1);
}

TEST_CASE("the last snapshot of each partition is found until they are discarded") {
  const Subject subject = each_store();
  INFO(subject.name);
  CHECK(subject.store->snapshots()->empty());
  const std::string body("\0\xff state", 8);
  save(*subject.store, {}, {{3, 1, "old"}, {0, 12, body}});
  save(*subject.store, {incident("7c1m", 1)}, {{3, ~Position{0}, "new"}});
  CHECK(*subject.store->snapshots() ==
        std::vector<Snapshot>{{0, 12, body}, {3, ~Position{0}, "new"}});
  REQUIRE(subject.store->discard_snapshots());
  CHECK(subject.store->snapshots()->empty());
  CHECK(all_pages(*subject.store, {}).size() == 1);
}

TEST_CASE("every query finds what fits it newest first on pages that neither repeat nor miss") {
  const Subject subject = each_store();
  INFO(subject.name);
  std::mt19937 random(20261122);
  const auto pick = [&](std::initializer_list<const char*> from) {
    return std::string(from.begin()[random() % from.size()]);
  };
  std::vector<History> known;
  for (int i = 0; i < 300; ++i) {
    History each = incident("k" + std::to_string(1000 + random() % 9000) + "x" + std::to_string(i),
                            static_cast<int>(random() % 40), pick({"cdp", "platform", ""}),
                            static_cast<Severity>(random() % 4), pick({"", "", "cdp-staging"}));
    each.state = pick({"resolved", "resolved", "muted"});
    known.push_back(std::move(each));
  }
  save(*subject.store, known);
  std::sort(known.begin(), known.end(), [](const History& a, const History& b) {
    return listing_order(a.opened_at, a.id) > listing_order(b.opened_at, b.id);
  });
  for (int round = 0; round < 150; ++round) {
    Query query;
    if (random() % 2) query.team = pick({"cdp", "platform", "none"});
    if (random() % 2) query.severity = static_cast<Severity>(random() % 4);
    if (random() % 2) query.gameday = pick({"", "cdp-staging", "none"});
    if (random() % 2) query.since = minute(static_cast<int>(random() % 45));
    if (random() % 2) query.states = {pick({"resolved", "muted", "open"}), pick({"muted", "open"})};
    query.limit = 1 + random() % 20;
    std::vector<History> expected;
    for (const History& each : known)
      if (is_wanted(each, query)) expected.push_back(each);
    REQUIRE(ids(all_pages(*subject.store, query)) == ids(expected));
  }
}

TEST_CASE("what opens while somebody pages does not shift the pages") {
  const Subject subject = each_store();
  INFO(subject.name);
  save(*subject.store, {incident("a", 1), incident("b", 2), incident("c", 3), incident("d", 3)});
  Query query;
  query.limit = 2;
  const Result<Page> first = subject.store->history(query);
  REQUIRE(first);
  CHECK(ids(first->incidents) == std::vector<std::string>{"d", "c"});
  CHECK(first->next == listing_order(minute(3), {"c"}));
  save(*subject.store, {incident("e", 9)});
  query.cursor = first->next;
  const Result<Page> second = subject.store->history(query);
  REQUIRE(second);
  CHECK(ids(second->incidents) == std::vector<std::string>{"b", "a"});
  CHECK(second->next.empty());
}

TEST_CASE("a cursor that no page gave is refused and a limit has a limit") {
  const Subject subject = each_store();
  INFO(subject.name);
  Query query;
  query.cursor = "' OR 1 --";
  const Result<Page> page = subject.store->history(query);
  REQUIRE_FALSE(page);
  CHECK(page.error().kind == ErrorKind::invalid);
  std::vector<History> many;
  for (int i = 0; i < 1001; ++i) many.push_back(incident("n" + std::to_string(10000 + i), i));
  save(*subject.store, many);
  query = {};
  query.limit = ~std::size_t{0};
  CHECK(subject.store->history(query)->incidents.size() == kMostListed);
  CHECK(all_pages(*subject.store, {}).size() == 1001);
  query.limit = 0;
  CHECK(subject.store->history(query)->incidents.empty());
  CHECK(subject.store->history(query)->next.empty());
}

TEST_CASE("an incident is found by any unique beginning of its id as a person types it") {
  const Subject subject = each_store();
  INFO(subject.name);
  save(*subject.store, {incident("7c1m9x", 1), incident("7c1n00", 2), incident("7c1n", 3)});
  CHECK(subject.store->find_incident("7CIM")->value().id.text == "7c1m9x");
  CHECK(subject.store->find_incident("7c-1n-00")->value().id.text == "7c1n00");
  CHECK(subject.store->find_incident("7c1n")->value().id.text == "7c1n");
  const auto several = subject.store->find_incident("7c1");
  REQUIRE_FALSE(several);
  CHECK(several.error().kind == ErrorKind::invalid);
  CHECK(several.error().message.find("one character more") != std::string::npos);
  for (const char* unknown : {"", "8", "7c1m9xz", "%", "\xff"})
    CHECK_FALSE(subject.store->find_incident(unknown)->has_value());
}

TEST_CASE("an alert that was in several incidents leads to the newest") {
  const Subject subject = each_store();
  INFO(subject.name);
  History first = incident("b", 5);
  History second = incident("a", 9);
  first.alerts = second.alerts = {{"same"}};
  save(*subject.store, {second, first});
  CHECK(subject.store->find_alert({"same"})->value().id.text == "a");
  CHECK_FALSE(subject.store->find_alert({"none"})->has_value());
}

TEST_CASE("configurations are kept for as long as somebody refers to them") {
  const Subject subject = each_store();
  INFO(subject.name);
  for (const char* hash : {"config-1", "config-2", "config-3"})
    REQUIRE(subject.store->keep_configuration(hash, std::string("body of ") + hash));
  REQUIRE(subject.store->keep_configuration("config-1", "new body"));
  CHECK(subject.store->configuration("config-1")->value() == "new body");
  CHECK_FALSE(subject.store->configuration("config-9")->has_value());
  save(*subject.store, {incident("7c1m", 1)});
  const std::vector<std::string> in_use{"config-2"};
  CHECK(*subject.store->forget_configurations(in_use) == 1);
  CHECK(subject.store->configuration("config-1")->has_value());
  CHECK(subject.store->configuration("config-2")->has_value());
  CHECK_FALSE(subject.store->configuration("config-3")->has_value());
  CHECK(*subject.store->forget(minute(1000)) == 1);
  CHECK(*subject.store->forget_configurations(in_use) == 1);
  CHECK_FALSE(subject.store->configuration("config-1")->has_value());
}

TEST_CASE("what was resolved before a time is forgotten with all that leads to it") {
  const Subject subject = each_store();
  INFO(subject.name);
  std::vector<History> many;
  for (int i = 0; i < 1200; ++i) many.push_back(incident("n" + std::to_string(10000 + i), i));
  save(*subject.store, many, {{1, 7, "state"}});
  CHECK(*subject.store->forget(minute(10)) == 0);
  CHECK(*subject.store->forget(minute(1110)) == 1100);
  CHECK(all_pages(*subject.store, {}).size() == 100);
  CHECK_FALSE(subject.store->find_incident("n11099")->has_value());
  CHECK_FALSE(subject.store->find_alert({"alert-n11099"})->has_value());
  CHECK(subject.store->find_alert({"alert-n11100"})->has_value());
  CHECK(subject.store->snapshots()->size() == 1);
  CHECK(*subject.store->forget(minute(1110)) == 0);
}

TEST_CASE("a body past the limit is refused and nothing of that save is kept") {
  const Subject subject = each_store();
  INFO(subject.name);
  const std::vector<Snapshot> snapshots{{0, 1, "small"},
                                        {1, 1, std::string(kMostBodyBytes + 1, 'x')}};
  const std::vector<History> incidents{incident("7c1m", 1)};
  const Status saved = subject.store->save(incidents, snapshots);
  REQUIRE_FALSE(saved);
  CHECK(saved.error().kind == ErrorKind::invalid);
  CHECK(saved.error().message.find("partition 1") != std::string::npos);
  CHECK(subject.store->snapshots()->empty());
  CHECK(all_pages(*subject.store, {}).empty());
}

TEST_CASE("a snapshot of a hundred megabytes is kept and replaced") {
  const Subject subject = each_store();
  INFO(subject.name);
  std::string body(100'000'000, '\0');
  for (std::size_t i = 0; i < body.size(); i += 997) body[i] = static_cast<char>(i);
  for (Position position = 1; position <= 3; ++position) {
    body[5] = static_cast<char>(position);
    save(*subject.store, {}, {{2, position, body}});
  }
  const auto found = subject.store->snapshots();
  REQUIRE(found);
  REQUIRE(found->size() == 1);
  CHECK((*found)[0].position == 3);
  CHECK((*found)[0].body == body);
}

TEST_CASE("a page of very large incidents ends early and the next goes on") {
  const Subject subject = each_store();
  INFO(subject.name);
  for (int i = 0; i < 5; ++i) {
    History large = incident("n" + std::to_string(i), i);
    large.body = std::string(kMostPageBytes / 2, static_cast<char>('a' + i));
    save(*subject.store, {large});
  }
  const Result<Page> first = subject.store->history({});
  REQUIRE(first);
  CHECK(ids(first->incidents) == std::vector<std::string>{"n4", "n3"});
  CHECK_FALSE(first->next.empty());
  CHECK(all_pages(*subject.store, {}).size() == 5);
}

TEST_CASE("readers see whole saves while others save") {
  const Subject subject = each_store();
  INFO(subject.name);
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  std::atomic<int> failed = 0;
  save(*subject.store, {incident("a", 0), incident("b", 0)});
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 2; ++i)
      readers.emplace_back([&] {
        while (!done) {
          const Result<Page> page = subject.store->history({});
          if (!page) ++failed;
          if (page && (page->incidents.size() != 2 ||
                       page->incidents[0].opened_at != page->incidents[1].opened_at))
            ++torn;
        }
      });
    for (int i = 1; i <= 100; ++i) {
      const std::vector<History> both{incident("a", i), incident("b", i)};
      if (!subject.store->save(both, {})) ++failed;
    }
    done = true;
  }
  CHECK(torn == 0);
  CHECK(failed == 0);
}

}  // namespace tocsin::store::testing
