// Islands whose journal is not simply away or back: it will not have all of what they say, is
// another one, or is away in one partition alone.
#include "router/engine/pieces.hpp"
#include "router/engine/state_codec.hpp"
#include "tests/catch.hpp"
#include "tests/cluster/nodes.hpp"

using namespace tocsin;
using namespace tocsin::tests;
using namespace std::chrono_literals;

namespace {

constexpr Partition kPartitions = 4;
const std::string kSender = "prometheus";

// All alerts of one sender are one incident.
const char* const kOneGroup = R"(
integrations:
  - {name: prometheus, source: prometheus, key: prometheus-key-0123456789, group_by: [team], resolve_after: 7d}
channels:
  - {name: phone, type: log}
people:
  - {name: linus, contacts: {phone: linus}}
default: {page: fallback}
policies:
  - {name: fallback, steps: [{page: [{person: linus}], wait: 5m}]}
)";

struct Ends {
  Nodes nodes;
  std::size_t owner = 0, other = 0;

  explicit Ends(const std::string& yaml = kPlainSettings)
      : nodes(2, yaml, kPartitions, 100'000, Spools::yes) {
    nodes.run(15s);
    const auto holders = nodes.holders(journal::partition_of(kSender, kPartitions));
    REQUIRE(holders.size() == 1);
    owner = holders.front();
    other = 1 - owner;
  }
  void outage() {
    for (std::size_t i = 0; i < 2; ++i) nodes[i].link.state = Link::State::cut;
  }
  void back() {
    for (std::size_t i = 0; i < 2; ++i) nodes[i].link.state = Link::State::whole;
  }
  std::vector<engine::IncidentView> incidents(std::size_t node) {
    return nodes[node].state().list({}).incidents;
  }
  std::size_t pages() const {
    std::size_t count = 0;
    for (const Sent& sent : nodes.sent) count += sent.kind == MessageKind::page;
    return count;
  }
  std::size_t told(const std::string& words) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < 2; ++i)
      for (const std::string& line : nodes[i].told) count += line.find(words) != std::string::npos;
    return count;
  }
  void agree() {
    nodes.step(0s);
    for (Partition p = 0; p < kPartitions; ++p)
      for (std::size_t i = 0; i < 2; ++i) {
        CHECK_FALSE(nodes[i].on_island());
        CHECK(nodes[i].state().partition(p).pending.empty());
        CHECK((engine::encode_state(nodes[i].state().partition(p)) ==
               engine::encode_state(nodes[0].state().partition(p))));
      }
  }
};

// One whose alerts stand in that partition.
std::string sender_in(Partition partition) {
  for (int i = 0;; ++i)
    if (std::string name = "sender-" + std::to_string(i);
        journal::partition_of(name, kPartitions) == partition)
      return name;
}

bool is_piece(const Record& record) {
  return record.kind == RecordKind::carried && (record.flags & kFromIsland) != 0;
}

}  // namespace

TEST_CASE("pieces that the journal finds too large are told in smaller ones") {
  Ends a(kOneGroup);
  a.outage();
  for (int i = 0; i < 40; ++i) REQUIRE(a.nodes.fire(a.other, kSender, "db-" + std::to_string(i)));
  a.nodes.run(20s);
  REQUIRE(a.incidents(a.other).size() == 1);
  const std::size_t pages = a.pages();
  REQUIRE(pages > 0);
  std::size_t taken = 0, refused = 0;
  a.nodes[a.other].link.unacceptable = [&](const Record& record) {
    if (!is_piece(record)) return false;
    const auto piece = engine::decode_carried(record.body);
    const bool large = piece && piece->alerts.size() > 3;
    ++(large ? refused : taken);
    return large;
  };
  a.back();
  a.nodes.run(40s);
  CHECK(refused > 0);
  CHECK(taken > 10);
  a.agree();
  CHECK(a.pages() == pages);
  REQUIRE(a.incidents(a.owner).size() == 1);
  CHECK(a.incidents(a.owner).front().incident.firing == 40);
  CHECK(a.told("left behind") == 0);
}

TEST_CASE("an incident is not over for whoever reads its smaller pieces one by one") {
  Ends a(kOneGroup);
  a.outage();
  for (int i = 0; i < 40; ++i) REQUIRE(a.nodes.fire(a.other, kSender, "db-" + std::to_string(i)));
  a.nodes.run(18s);
  for (int i = 0; i < 20; ++i)
    REQUIRE(a.nodes.fire(a.other, kSender, "db-" + std::to_string(i), AlertStatus::resolved));
  a.nodes.run(5s);
  const std::size_t sent = a.nodes.sent.size();
  // What fires is cut again and again, what is over is taken as it comes.
  a.nodes[a.other].link.unacceptable = [](const Record& record) {
    if (!is_piece(record)) return false;
    const auto piece = engine::decode_carried(record.body);
    return piece && std::count_if(piece->alerts.begin(), piece->alerts.end(), [](const auto& each) {
                      return each.alert.status == AlertStatus::firing;
                    }) > 1;
  };
  a.back();
  a.nodes.run(40s);
  a.agree();
  CHECK(a.nodes.sent.size() == sent);
  REQUIRE(a.incidents(a.owner).size() == 1);
  const engine::Incident incident = a.incidents(a.owner).front().incident;
  CHECK(incident.firing == 20);
  for (const engine::TimelineEntry& entry : incident.timeline) CHECK(entry.kind != "resolved");
}

TEST_CASE("what the journal refuses for good is left behind by name and its alerts are decided") {
  Ends a;
  a.outage();
  REQUIRE(a.nodes.fire(a.other, kSender, "db-small"));
  REQUIRE(a.nodes.fire(a.other, kSender, "db-large"));
  REQUIRE(a.nodes.fire(a.other, kSender, "db-late"));
  a.nodes.run(20s);
  REQUIRE(a.incidents(a.other).size() == 3);
  REQUIRE(a.pages() == 3);
  IncidentId large;
  std::size_t tries = 0;
  a.nodes[a.other].link.unacceptable = [&](const Record& record) {
    if (!is_piece(record)) return false;
    const auto piece = engine::decode_carried(record.body);
    if (!piece || !piece->incident || piece->incident->title.find("db-large") == std::string::npos)
      return false;
    large = piece->incident->id;
    ++tries;
    return true;
  };
  a.back();
  a.nodes.run(60s);
  CHECK(tries == 5);
  a.agree();
  CHECK(a.told("incident " + large.text) == 1);
  CHECK(a.told("raise the topic's max.message.bytes") == 1);
  CHECK(a.incidents(a.owner).size() == 3);
  for (const engine::IncidentView& view : a.incidents(a.owner)) CHECK(view.incident.firing == 1);
  // Its own page goes out once more, and no other.
  CHECK(a.pages() == 4);
  CHECK(a.nodes.pages(large).size() == 2);
  CHECK(a.nodes.pages(large)[0].id == a.nodes.pages(large)[1].id);
}

TEST_CASE("an island to which the journal says no and then goes away pages on") {
  Ends a;
  a.outage();
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(20s);
  a.nodes[a.other].link.unacceptable = is_piece;
  a.back();
  a.nodes.run(3s);
  CHECK(a.nodes[a.other].on_island());
  a.outage();
  a.nodes.run(5s);
  REQUIRE(a.nodes.fire(a.other, kSender, "api-down"));
  a.nodes.run(20s);
  CHECK(a.pages() == 2);
  a.nodes[a.other].link.unacceptable = {};
  a.back();
  a.nodes.run(40s);
  a.agree();
  CHECK(a.pages() == 2);
}

TEST_CASE("an island ends by itself when the journal was made anew while it was away") {
  Ends a;
  REQUIRE(a.nodes.fire(a.other, kSender, "db-before"));
  a.nodes.run(2s);
  REQUIRE(a.pages() == 1);
  a.outage();
  REQUIRE(a.nodes.fire(a.other, kSender, "db-down"));
  a.nodes.run(20s);
  REQUIRE(a.nodes[a.other].on_island());
  REQUIRE(a.pages() == 2);
  a.nodes.make_journal_anew();
  SECTION("for the process that was on it") {}
  SECTION("for the one that follows a process that died on it") {
    a.nodes[a.other].crash();
    a.nodes[a.other].start(a.nodes.next_boot());
    a.nodes.run(5s);
  }
  a.back();
  a.nodes.run(40s);
  a.agree();
  CHECK(a.pages() == 2);
  REQUIRE(a.incidents(a.owner).size() >= 1);
  CHECK(a.incidents(a.owner).front().incident.title.find("db-down") != std::string::npos);
  REQUIRE(a.nodes.fire(a.owner, kSender, "db-new"));
  a.nodes.run(5s);
  CHECK(a.pages() == 3);
  a.agree();
}

TEST_CASE("of a partition that takes nothing for long somebody is paged although the others work") {
  Ends a;
  const Partition without_leader = GENERATE(Partition{0}, Partition{3});
  const Partition of_alert = GENERATE(Partition{1}, Partition{3});
  const std::string sender = sender_in(of_alert), other_sender = sender_in(2);
  for (std::size_t i = 0; i < 2; ++i) a.nodes[i].link.leaderless = {without_leader};
  REQUIRE(a.nodes.fire(0, sender, "db-down"));
  for (int i = 0; i < 25; ++i) {
    REQUIRE(a.nodes.fire(0, other_sender, "chatter"));
    REQUIRE(a.nodes.fire(1, other_sender, "chatter"));
    a.nodes.run(1s);
  }
  CHECK(a.pages() == 1);
  for (std::size_t i = 0; i < 2; ++i) a.nodes[i].link.leaderless.clear();
  a.nodes.run(40s);
  CHECK(a.pages() == 1);
  a.agree();
  REQUIRE(a.nodes.fire(1, sender, "db-down", AlertStatus::resolved));
  a.nodes.run(5s);
  a.agree();
}
