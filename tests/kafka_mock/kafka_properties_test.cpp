// The operator's own librdkafka properties: passed on, but for those that tocsin's promises need.
#include "tests/catch.hpp"
#include "tests/kafka_mock/mock.hpp"

namespace tocsin::journal::testing {
namespace {

Error refusal_of(const std::string& key, const std::string& value) {
  KafkaOptions options;
  options.brokers = "127.0.0.1:1";
  options.properties[key] = value;
  options.open_within = std::chrono::milliseconds(100);
  const auto journal = open_kafka_journal(options, SystemClock());
  REQUIRE_FALSE(journal);
  return journal.error();
}

}  // namespace

TEST_CASE("properties that tocsin keeps its promises by cannot be set") {
  for (const std::string key :
       {"acks", "request.required.acks", "enable.idempotence", "auto.offset.reset",
        "enable.auto.commit", "group.id", "message.timeout.ms", "delivery.timeout.ms",
        "transactional.id", "bootstrap.servers", "metadata.broker.list", "isolation.level",
        "plugin.library.paths", "message.max.bytes", "allow.auto.create.topics"}) {
    const Error error = refusal_of(key, "1");
    INFO(error.message);
    CHECK(error.kind == ErrorKind::invalid);
    CHECK(error.message.find("Kafka property " + key + " ") != std::string::npos);
    CHECK(error.message.find("remove it") != std::string::npos);
  }
}

TEST_CASE("a property that librdkafka does not have is named") {
  const Error error = refusal_of("sasl.pasword", "hunter2");
  CHECK(error.kind == ErrorKind::invalid);
  CHECK(error.message.find("sasl.pasword") != std::string::npos);
  CHECK(error.message.find("hunter2") == std::string::npos);
}

TEST_CASE("a value that librdkafka does not take is not repeated") {
  const Error error = refusal_of("security.protocol", "hunter2");
  CHECK(error.kind == ErrorKind::invalid);
  CHECK(error.message.find("security.protocol") != std::string::npos);
  CHECK(error.message.find("hunter2") == std::string::npos);
}

TEST_CASE("a property is judged before any broker is asked") {
  const auto wrong = [](const std::string& name, const std::optional<std::string>& value) {
    return examine_kafka_property(name, value).wrong;
  };
  CHECK(wrong("acks", "all").find("set by tocsin itself") == 0);
  CHECK(wrong("acks", std::nullopt).find("set by tocsin itself") == 0);
  CHECK(wrong("bootstrap.servers", "a:1").find("set by tocsin itself") == 0);
  CHECK(wrong("sasl.pasword", std::nullopt).find("librdkafka has no property") == 0);
  CHECK(wrong("sasl.pasword", "hunter2").find("librdkafka has no property") == 0);
  CHECK(wrong("security.protocol", "hunter2").find("not a value that librdkafka takes") == 0);
  CHECK(wrong("linger.ms", "soon").find("not a value that librdkafka takes") == 0);
  CHECK(wrong("security.protocol", "hunter2").find("hunter2") == std::string::npos);
  for (const char* name : {"security.protocol", "linger.ms", "sasl.password", "client.rack",
                           "compression.type", "ssl.ca.location"}) {
    INFO(name);
    CHECK(wrong(name, std::nullopt).empty());
  }
  CHECK(wrong("security.protocol", "sasl_ssl").empty());
  CHECK(wrong("client.rack", "a").empty());
}

TEST_CASE("which properties hold secrets is known") {
  for (const char* name : {"sasl.password", "ssl.key.password", "ssl.keystore.password",
                           "ssl.key.pem", "sasl.oauthbearer.client.secret"})
    CHECK(examine_kafka_property(name, std::nullopt).secret);
  for (const char* name : {"sasl.username", "ssl.ca.location", "client.rack"})
    CHECK_FALSE(examine_kafka_property(name, std::nullopt).secret);
}

TEST_CASE("other properties are passed on and wrong use of them is no surprise") {
  MockCluster cluster(1);
  KafkaOptions options = cluster.options();
  std::string logged;
  options.log = [&](const std::string& line) { logged += line + "\n"; };
  options.properties = {{"compression.type", "zstd"}, {"linger.ms", "1"}, {"client.id", "node-7"}};
  const auto journal = cluster.open(options);
  CHECK(logged.find("CONFWARN") == std::string::npos);
  CHECK(logged.find("ignored") == std::string::npos);
}

}  // namespace tocsin::journal::testing
