// One property of the operator's, looked at by itself: for a configuration that is checked where no
// broker is.
#include <librdkafka/rdkafka.h>

#include <array>

#include "connectors/journals/kafka_client.hpp"

namespace tocsin::journal {
namespace {

constexpr std::size_t kErrorBytes = 512;

// librdkafka has sasl.password, ssl.key.password, ssl.keystore.password and
// sasl.oauthbearer.client.secret; a key in PEM and a mechanism's own words hold as much.
bool is_secret(const std::string& name) {
  return name.find("password") != std::string::npos || name.find("secret") != std::string::npos ||
         name == "ssl.key.pem" || name == "sasl.oauthbearer.config";
}

}  // namespace

KafkaProperty examine_kafka_property(const std::string& name,
                                     const std::optional<std::string>& value) {
  KafkaProperty judged{"", is_secret(name)};
  if (is_set_by_tocsin(name)) {
    judged.wrong = "set by tocsin itself, which keeps its promises by it; remove it";
    return judged;
  }
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  std::array<char, kErrorBytes> ignored{};  // it may quote the value
  const auto done = rd_kafka_conf_set(conf, name.c_str(), value ? value->c_str() : nullptr,
                                      ignored.data(), ignored.size());
  rd_kafka_conf_destroy(conf);
  if (done == RD_KAFKA_CONF_UNKNOWN)
    judged.wrong = "librdkafka has no property of this name; its CONFIGURATION.md lists them";
  else if (done != RD_KAFKA_CONF_OK && value)
    judged.wrong = "not a value that librdkafka takes here; see its CONFIGURATION.md";
  return judged;
}

}  // namespace tocsin::journal
