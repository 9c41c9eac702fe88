// The limit of an integration: what is past it is sent away before anything of it is stored.
#include <atomic>
#include <mutex>
#include <thread>

#include "connectors/journals/memory_journal.hpp"
#include "router/ingest/ingest.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::ingest;
using connectors::find_source;
using journal::MemoryJournal;
using std::chrono::seconds;

namespace {

class SteppedClock final : public Clock {
 public:
  Instant now() const override {
    return {WallTime(seconds(1'795'312'363)), 1, std::chrono::hours(5) + passed};
  }
  Duration passed{};
};

struct Told final : IngestEvents {
  std::mutex mutex;
  std::vector<std::string> refused;
  std::vector<std::string> limits;
  std::vector<std::uint64_t> logged;
  void rejected(const std::string& integration, const std::string& reason, std::size_t) override {
    const std::lock_guard lock(mutex);
    refused.push_back(integration + " " + reason);
  }
  void limited(const std::string&, const Rate& rate, std::uint64_t requests) override {
    const std::lock_guard lock(mutex);
    limits.push_back(format_rate(rate));
    logged.push_back(requests);
  }
};

/// Two integrations of each source, "noisy" with a limit and "quiet" without one.
struct House {
  SteppedClock clock;
  MemoryJournal journal{16, "memory"};
  Mint mint{7, 16};
  Told told;
  std::map<std::string, std::size_t> undecided;  // by integration, all of them of one partition
  Ingest ingest{
      journal, clock, mint, told, {}, {}, {}, {}, [this](Partition, const std::string& who) {
        Undecided all{0, undecided[who]};
        for (const auto& [whose, alerts] : undecided) all.alerts += alerts;
        return all;
      }};
  HttpResponse answer;

  explicit House(const char* source = "prometheus", Rate limit = {10, seconds(1)}) {
    put_in_force(source, limit);
  }

  void put_in_force(const char* source, std::optional<Rate> limit) {
    auto all = std::make_shared<Integrations>();
    (*all)["noisy"] = {"noisy", find_source(source), {"key-of-noisy-0123456789"}, {}, {}, {},
                       limit};
    (*all)["quiet"] = {"quiet", find_source(source), {"key-of-quiet-0123456789"}, {}, {}, {}, {}};
    ingest.replace(all);
  }

  int post(const std::string& integration, const std::string& body, const std::string& path = "") {
    HttpRequest request;
    request.method = "POST";
    request.received = clock.now();
    request.body = body;
    request.headers = {{"authorization", "Bearer key-of-" + integration + "-0123456789"}};
    answer.status = 0;
    answer.headers.clear();
    ingest.take(request, {nullptr, integration, path},
                [this](HttpResponse response) { answer = std::move(response); });
    return answer.status;
  }

  std::string retry_after() const {
    std::string all;
    for (const auto& [name, value] : answer.headers)
      if (name == "Retry-After") all += value + ";";
    return all;
  }

  std::size_t records() {
    journal::Cursor cursor(16, 0);
    return journal.read(cursor, 100'000).value().entries.size();
  }
};

std::string alerts(std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all += (i > 0 ? "," : "") + (R"({"labels":{"alertname":")" + std::to_string(i) + "\"}}");
  return "[" + all + "]";
}

}  // namespace

TEST_CASE("past its limit an integration is sent away and nothing of the request is stored") {
  House house;
  CHECK(house.post("noisy", alerts(10)) == 200);
  CHECK(house.post("noisy", alerts(1)) == 503);
  CHECK(house.retry_after() == "1;");
  CHECK(house.answer.body.find("integration noisy is past its limit of 10/s alerts") !=
        std::string::npos);
  CHECK(house.records() == 1);
  CHECK(house.told.refused == std::vector<std::string>{"noisy limited"});
  CHECK(house.post("quiet", alerts(10'000)) == 200);
  house.clock.passed += std::chrono::milliseconds(101);
  CHECK(house.post("noisy", alerts(1)) == 200);
}

TEST_CASE("a request larger than the limit is taken whole and paid for by waiting") {
  House house;
  CHECK(house.post("noisy", alerts(64)) == 200);
  CHECK(house.post("noisy", alerts(1)) == 503);
  CHECK(house.retry_after() == "6;");
  house.clock.passed += seconds(6);
  CHECK(house.post("noisy", alerts(64)) == 200);
}

TEST_CASE("what cannot be read counts as one alert and is not even read past the limit") {
  House house;
  for (int i = 0; i < 10; ++i) CHECK(house.post("noisy", "{") == 400);
  CHECK(house.post("noisy", "{") == 503);
}

TEST_CASE("a sender that is sent away gets its own protocol's answer and the time to come again") {
  struct Way {
    const char* source;
    const char* path;
    const char* body;
    int status;
  };
  for (
      const Way& way : {
          Way{"pagerduty", "/v2/enqueue",
              R"({"routing_key":"k","event_action":"trigger","payload":{"summary":"s","source":"h","severity":"error"}})",
              429},
          Way{"opsgenie", "/v2/alerts", R"({"message":"down"})", 429},
          Way{"generic", "", R"({"title":"down"})", 429},
          Way{"slack-compatible", "", R"({"text":"down"})", 429},
          Way{"grafana", "", "{}", 503},
      }) {
    INFO(way.source);
    House house(way.source);
    for (int i = 0; i < 10; ++i) CHECK(house.post("noisy", way.body, way.path) != way.status);
    CHECK(house.post("noisy", way.body, way.path) == way.status);
    CHECK(house.retry_after() == "1;");
  }
}

TEST_CASE("the log says once a minute how many requests were sent away") {
  House house;
  CHECK(house.post("noisy", alerts(2'000)) == 200);
  for (int i = 0; i < 5; ++i) CHECK(house.post("noisy", alerts(1)) == 503);
  CHECK(house.told.logged == std::vector<std::uint64_t>{1});
  CHECK(house.told.limits == std::vector<std::string>{"10/s"});
  house.clock.passed += seconds(61);
  CHECK(house.post("noisy", alerts(2'000)) == 200);
  for (int i = 0; i < 5; ++i) CHECK(house.post("noisy", alerts(1)) == 503);
  CHECK(house.told.logged == std::vector<std::uint64_t>{1, 5});
  CHECK(house.told.refused.size() == 10);
}

TEST_CASE("a reload keeps what was spent and changes the limit and takes it away") {
  House house;
  CHECK(house.post("noisy", alerts(20)) == 200);
  house.put_in_force("prometheus", Rate{10, seconds(1)});
  CHECK(house.post("noisy", alerts(1)) == 503);
  house.put_in_force("prometheus", std::nullopt);
  CHECK(house.post("noisy", alerts(1)) == 200);
}

TEST_CASE("many threads at once get no more in than one would") {
  House house("prometheus", {1'000, std::chrono::minutes(1)});
  std::atomic<int> taken{0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&] {
        HttpRequest request;
        request.method = "POST";
        request.received = house.clock.now();
        request.body = alerts(1);
        request.headers = {{"authorization", "Bearer key-of-noisy-0123456789"}};
        for (int i = 0; i < 1'000; ++i)
          house.ingest.take(request, {nullptr, "noisy", ""},
                            [&](const HttpResponse& answer) { taken += answer.status == 200; });
      });
  }
  // Each thread may be between its look and its alerts once.
  CHECK((taken >= 1'000 && taken < 1'004));
}

TEST_CASE("what waits for a slow journal is at most a share of one integration's") {
  House house;
  house.put_in_force("prometheus", std::nullopt);
  house.journal.hold();
  const std::string text(4'000, 'x');
  const std::string body =
      R"([{"labels":{"alertname":"a"},"annotations":{"a":")" + text + R"(","b":")" + text + "\"}}]";
  std::size_t waiting = 0;
  while (waiting < 10'000 && house.post("noisy", body) == 0) ++waiting;
  CHECK((waiting > kMostUnderWayBytes / 10'000 && waiting <= kMostUnderWayBytes / 8'000));
  CHECK(house.answer.status == 503);
  CHECK(house.retry_after() == "5;");
  CHECK(house.told.refused == std::vector<std::string>{"noisy backlog"});
  CHECK(house.post("quiet", body) == 0);
  house.journal.release();
  CHECK(house.post("noisy", body) == 200);
  CHECK(house.records() == waiting + 2);
}

TEST_CASE(
    "while too many alerts of its partition wait whoever sent more than a share comes again") {
  House house;
  house.put_in_force("prometheus", std::nullopt);
  house.undecided["quiet"] = kUndecidedShare;
  house.undecided["noisy"] = kMostUndecidedAlerts - kUndecidedShare;
  CHECK(house.post("noisy", alerts(1)) == 200);
  ++house.undecided["noisy"];
  CHECK(house.post("noisy", alerts(1)) == 503);
  CHECK(house.retry_after() == "5;");
  CHECK(house.told.refused == std::vector<std::string>{"noisy undecided"});
  CHECK(house.records() == 1);
  CHECK(house.post("quiet", alerts(1)) == 200);
}
