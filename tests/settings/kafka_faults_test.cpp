// journal: {type: kafka, …}, and what it asks of the rest of the configuration.
#include "tests/settings/world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

namespace {

using Texts = std::vector<std::string>;

const std::string kServerOfACluster =
    "server: {secret: \"${KEY_A}\", node_url: \"http://node-1:8321/\"}\n";

/// What is said of these keys beside type and brokers, on line 2 from column 49 on.
Loaded load_kafka(const std::string& keys, const std::string& server = kServerOfACluster,
                  Unset unset = Unset::fault) {
  return load_service(server + "journal: {type: kafka, brokers: [\"kafka-1:9092\"]" + keys + "}\n",
                      unset);
}

Texts faults_of(const std::string& keys) {
  INFO(keys);
  const Loaded loaded = load_kafka(keys);
  check_no_secret(loaded);
  CHECK_FALSE(loaded.settings.has_value());
  return texts(loaded.faults);
}

}  // namespace

TEST_CASE("a Kafka journal is read as it is written") {
  const Loaded loaded = load_service(kServerOfACluster + R"(journal:
  type: kafka
  brokers: ["127.0.0.1:9092", "[::1]:9093", "kafka-3.example.com:9094"]
  topic: tocsin_prod.eu-1
  partitions: 12
  replication: 3
  retention: 60d
  patience: 1500ms
  island_after: 20s
  properties: {client.rack: a, sasl.password: "${WORD}"}
)");
  CHECK(texts(loaded.faults) == Texts{});
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->server.node_url == "http://node-1:8321");
  const JournalSettings& journal = loaded.settings->journal;
  CHECK((journal.type == "kafka" && journal.retention == std::chrono::hours(24 * 60)));
  const KafkaSettings expected{{"127.0.0.1:9092", "[::1]:9093", "kafka-3.example.com:9094"},
                               "tocsin_prod.eu-1",
                               12,
                               3,
                               std::chrono::milliseconds(1500),
                               std::chrono::seconds(20),
                               {{"client.rack", "a"}, {"sasl.password", "s3cr3t-word"}}};
  CHECK(journal.kafka == expected);
}

TEST_CASE("a Kafka journal needs no more than brokers and a secret of the server") {
  const Loaded loaded = load_kafka("");
  CHECK(texts(loaded.faults) == Texts{});
  REQUIRE(loaded.settings);
  const KafkaSettings expected{{"kafka-1:9092"},         "tocsin", 16, 0, std::chrono::seconds(2),
                               std::chrono::seconds(15), {}};
  CHECK(loaded.settings->journal.kafka == expected);
}

TEST_CASE("every mistake in a Kafka journal is told with its place and a remedy") {
  const std::vector<Wrong> table{
      {", topic: a/b",
       {R"(tocsin.yaml:2:58: journal.topic: "a/b" is no topic's name; use 1 to 249 letters, digits and _ . -)"}},
      {", topic: ..",
       {R"(tocsin.yaml:2:58: journal.topic: ".." is no topic's name; use 1 to 249 letters, digits and _ . -)"}},
      {", topic: [a]", {"tocsin.yaml:2:58: journal.topic: found a list; wanted text"}},
      {", partitions: 0",
       {R"(tocsin.yaml:2:63: journal.partitions: "0" is no such number; write 1 to 1024 without leading zeros)"}},
      {", partitions: 1025",
       {R"(tocsin.yaml:2:63: journal.partitions: "1025" is no such number; write 1 to 1024 without leading zeros)"}},
      {", partitions: many",
       {R"(tocsin.yaml:2:63: journal.partitions: "many" is no such number; write 1 to 1024 without leading zeros)"}},
      {", replication: 16",
       {R"(tocsin.yaml:2:64: journal.replication: "16" is no such number; write 1 to 15 without leading zeros)"}},
      {", patience: 9s",
       {R"(tocsin.yaml:2:61: journal.patience: "9s" is out of range; write 100ms to 8s)"}},
      {", patience: 0s",
       {R"(tocsin.yaml:2:61: journal.patience: "0s" is out of range; write 100ms to 8s)"}},
      {", island_after: 2h",
       {R"(tocsin.yaml:2:65: journal.island_after: "2h" is out of range; write 1s to 1h)"}},
      {", patience: 5s, island_after: 4s",
       {"tocsin.yaml:2:79: journal.island_after: shorter than patience, 5s, in which a slow Kafka "
        "is still waited for; write that or more"}},
      {", retention: 1h",
       {R"(tocsin.yaml:2:62: journal.retention: "1h" is out of range; write 1d to 3653d)"}},
      {", path: journal/",
       {"tocsin.yaml:2:51: journal.path: is a key of the embedded journal's; remove it, or write "
        "type: sqlite"}},
      {", brokres: []",
       {R"(tocsin.yaml:2:51: journal.brokres: unknown key; did you mean "brokers"?)"}},
      {", properties: [a]", {"tocsin.yaml:2:63: journal.properties: found a list; wanted a map"}},
      {", properties: {acks: all}",
       {"tocsin.yaml:2:70: journal.properties.acks: set by tocsin itself; remove it"}},
      {", properties: {linger.ms: [1]}",
       {"tocsin.yaml:2:75: journal.properties.linger.ms: found a list; wanted text"}},
      {", properties: {linger.ms: wrong}",
       {"tocsin.yaml:2:75: journal.properties.linger.ms: not a value that is taken here"}},
      {", properties: {sasl.password: s3cr3t-word}",
       {R"(tocsin.yaml:2:79: journal.properties.sasl.password: a secret, written where everybody can read it; write "${NAME}" or "${file:PATH}", and change it if it was shared)"}},
  };
  for (const Wrong& row : table) CHECK(faults_of(row.written) == row.said);
}

TEST_CASE("every mistake in the brokers is told with its place and a remedy") {
  const auto said = [](const std::string& written) {
    INFO(written);
    const Loaded loaded =
        load_service(kServerOfACluster + "journal: {type: kafka" + written + "}\n");
    CHECK_FALSE(loaded.settings.has_value());
    return texts(loaded.faults);
  };
  CHECK(
      said("") ==
      Texts{
          R"(tocsin.yaml:2:10: journal.brokers: missing; write e.g. brokers: ["kafka-1.example.com:9092"])"});
  CHECK(
      said(", brokers: []") ==
      Texts{
          R"(tocsin.yaml:2:33: journal.brokers: empty; name a broker or more, e.g. ["kafka-1.example.com:9092"])"});
  CHECK(said(", brokers: \"kafka-1:9092\"") ==
        Texts{"tocsin.yaml:2:33: journal.brokers: found text; wanted a list"});
  for (const char* wrong : {"kafka-1", "kafka-1:0", "kafka-1:65536", "a:1,b:2", "SSL://a:1", ":1"})
    CHECK(
        said(", brokers: [\"" + std::string(wrong) + "\"]") ==
        Texts{
            R"(tocsin.yaml:2:34: journal.brokers[0]: not HOST:PORT; write e.g. "kafka-1.example.com:9092")"});
  CHECK(said(", brokers: [\"a:1\", \"a:1\"]") ==
        Texts{R"(tocsin.yaml:2:41: journal.brokers[1]: "a:1" is named already; name each once)"});
  std::string many = "\"a:1\"";
  for (int i = 2; i <= 65; ++i) many += ", \"a:" + std::to_string(i) + "\"";
  CHECK(said(", brokers: [" + many + "]") ==
        Texts{"tocsin.yaml:2:33: journal.brokers: more than 64; a few are enough, as they know of "
              "the others"});
}

TEST_CASE("keys of Kafka's are faults in an embedded journal") {
  check_faults({
      {R"(journal: {brokers: ["a:1"], partitions: 12})",
       {"tocsin.yaml:1:11: journal.brokers: is a key of Kafka's; write type: kafka, or remove it",
        "tocsin.yaml:1:29: journal.partitions: is a key of Kafka's; write type: kafka, or remove "
        "it"}},
      {R"(journal: {type: sqlite, island_after: 15s})",
       {"tocsin.yaml:1:25: journal.island_after: is a key of Kafka's; write type: kafka, or remove "
        "it"}},
  });
}

TEST_CASE("nodes that share a journal must be told the secret that signs links") {
  const Loaded loaded = load_kafka("", "server: {node_url: \"http://node-1:8321\"}\n");
  CHECK(
      texts(loaded.faults) ==
      Texts{
          R"(tocsin.yaml:2:17: server.secret: missing, and needed with this journal: every node must sign the links in pages alike; write secret: "${TOCSIN_SECRET}", the same on all nodes)"});
}

TEST_CASE("what a cluster can do without is noted") {
  const Loaded loaded = load_kafka("", "server: {secret: \"${KEY_A}\"}\n");
  CHECK(loaded.settings.has_value());
  const Texts notes = texts(loaded.notes);
  REQUIRE(notes.size() == 2);
  CHECK(notes[0].find("tocsin.yaml:2:17: server.node_url: missing") == 0);
  CHECK(notes[1].find("tocsin.yaml:2:17: store.type: sqlite, with a journal that several") == 0);
}

TEST_CASE("an unset variable in a Kafka journal is noted by check and hides no other mistake") {
  const Loaded loaded = load_kafka(
      ", topic: \"${UNSET_TOPIC}\", properties: {sasl.password: \"${UNSET}\", acks: \"${UNSET}\"}",
      kServerOfACluster, Unset::note);
  CHECK(texts(loaded.faults) ==
        Texts{"tocsin.yaml:2:122: journal.properties.acks: set by tocsin itself; remove it"});
  const Loaded fine =
      load_kafka(", topic: \"${UNSET_TOPIC}\", properties: {sasl.password: \"${UNSET}\"}",
                 kServerOfACluster, Unset::note);
  REQUIRE(fine.settings);
  CHECK(fine.settings->journal.kafka.topic == "tocsin");
  CHECK(fine.settings->journal.kafka.properties.empty());
}
