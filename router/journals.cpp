#include "router/journals.hpp"

#include "connectors/journals/kafka_journal.hpp"
#include "connectors/journals/sqlite_journal.hpp"
#include "router/data_directory.hpp"

namespace tocsin {
namespace {

constexpr std::size_t kIdentityBytes = 16;

Result<std::unique_ptr<journal::Journal>> open_sqlite(const settings::JournalSettings& settings,
                                                      const std::filesystem::path& data,
                                                      const Clock& clock) {
  journal::SqliteOptions sqlite;
  sqlite.directory = data / settings.path;
  sqlite.make_identity = [] { return random_hex(kIdentityBytes); };
  return journal::open_sqlite_journal(sqlite, clock);
}

}  // namespace

Result<std::unique_ptr<journal::Journal>> open_kafka(const settings::JournalSettings& settings,
                                                     const Clock& clock, const JournalEars& ears) {
  journal::KafkaOptions kafka;
  for (const std::string& broker : settings.kafka.brokers)
    kafka.brokers += (kafka.brokers.empty() ? "" : ",") + broker;
  kafka.topic = settings.kafka.topic;
  kafka.partitions = settings.kafka.partitions;
  kafka.replication = settings.kafka.replication;
  kafka.retention = settings.retention;
  kafka.patience = settings.kafka.patience;
  kafka.properties = settings.kafka.properties;
  kafka.make_identity = [] { return random_hex(kIdentityBytes); };
  kafka.log = ears.log;
  TOCSIN_TRY(auto journal, journal::open_kafka_journal(kafka, clock));
  ears.weaknesses(journal->warnings());
  return std::unique_ptr<journal::Journal>(std::move(journal));
}

Result<std::unique_ptr<journal::Journal>> open_journal(const settings::JournalSettings& settings,
                                                       const std::filesystem::path& data,
                                                       const Clock& clock,
                                                       const JournalEars& ears) {
  return settings.type == "kafka" ? open_kafka(settings, clock, ears)
                                  : open_sqlite(settings, data, clock);
}

}  // namespace tocsin
