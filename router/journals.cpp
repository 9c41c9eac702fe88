#include "router/journals.hpp"

#include <thread>

#include "connectors/journals/kafka_journal.hpp"
#include "connectors/journals/sqlite_journal.hpp"
#include "router/disk/data_names.hpp"
#include "router/island/island_file.hpp"
#include "router/spool/late_journal.hpp"

namespace tocsin {
namespace {

constexpr std::size_t kIdentityBytes = 16;
constexpr auto kOpenCheck = std::chrono::milliseconds(2);
constexpr int kMostOpenChecks = 2'500;

Result<std::unique_ptr<journal::Journal>> open_sqlite(const std::filesystem::path& directory,
                                                      const Clock& clock) {
  journal::SqliteOptions sqlite;
  sqlite.directory = directory;
  sqlite.make_identity = [] { return random_hex(kIdentityBytes); };
  return journal::open_sqlite_journal(sqlite, clock);
}

// Waits for what was opened already to be taken over: a few milliseconds.
void wait_until_open(const spool::LateJournal& late) {
  for (int tries = 0; tries < kMostOpenChecks && !late.is_open(); ++tries)
    std::this_thread::sleep_for(kOpenCheck);
}

Result<OpenedJournal> open_spooled(const settings::JournalSettings& settings,
                                   const DataDirectory& data, const Clock& clock,
                                   const JournalEars& ears) {
  auto first = open_kafka(settings, clock, ears);
  OpenedJournal opened;
  opened.identity = data.remembered(kJournalFile);
  if (first) {
    opened.identity = (*first)->identity();
    TOCSIN_TRY([[maybe_unused]] const Unit kept, data.remember(kJournalFile, opened.identity));
  } else if (first.error().kind != ErrorKind::unavailable || opened.identity.empty()) {
    return first.error();
  }
  if (!first) ears.log(first.error().message + "; starting without it");
  const auto at_hand = std::make_shared<std::unique_ptr<journal::Journal>>();
  const bool is_there = first.has_value();  // what is at hand is the late journal's from there on
  if (is_there) *at_hand = std::move(*first);
  spool::LateOptions late_options;
  late_options.partitions = settings.kafka.partitions;
  late_options.tell = ears.log;
  auto late = std::make_unique<spool::LateJournal>(
      late_options,
      [settings, &clock, ears, at_hand]() -> Result<std::unique_ptr<journal::Journal>> {
        if (*at_hand) return std::move(*at_hand);
        return open_kafka(settings, clock, ears);
      },
      clock);
  if (is_there) wait_until_open(*late);
  const std::filesystem::path directory = data.path() / kSpoolDirectory;
  journal::SqliteOptions sqlite;
  sqlite.directory = directory;
  sqlite.partitions = settings.kafka.partitions;
  sqlite.make_identity = [] { return random_hex(kIdentityBytes); };
  TOCSIN_TRY(auto spool, journal::open_sqlite_journal(sqlite, clock));
  spool::SpoolOptions options;
  options.patience = settings.kafka.patience;
  options.begin_held = island::IslandFile(data.path() / kIslandFile).exists();
  options.tell = ears.log;
  auto spooled = std::make_unique<spool::SpooledJournal>(
      options, std::move(late), std::move(spool),
      std::make_unique<spool::SpoolFiles>(data.path() / kProgressFile, directory), clock);
  opened.spooled = spooled.get();
  opened.journal = std::move(spooled);
  return opened;
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

Result<OpenedJournal> open_journal(const settings::JournalSettings& settings,
                                   const DataDirectory& data, const Clock& clock,
                                   const JournalEars& ears) {
  if (settings.type == "kafka") return open_spooled(settings, data, clock, ears);
  OpenedJournal opened;
  TOCSIN_TRY(opened.journal, open_sqlite(data.path() / settings.path, clock));
  opened.identity = opened.journal->identity();
  return opened;
}

}  // namespace tocsin
