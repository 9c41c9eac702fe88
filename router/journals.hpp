// The journal that the configuration asks for, opened: what knows the types of journals, so that
// nothing else in the service does.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "router/core/clock.hpp"
#include "router/data_directory.hpp"
#include "router/journal/journal.hpp"
#include "router/settings/settings.hpp"
#include "router/spool/spooled_journal.hpp"

namespace tocsin {

/// Who hears of a journal what its interface has no words for; any thread may call.
struct JournalEars {
  std::function<void(const std::string&)> log;  // a line
  /// All that is weaker than production wants, a sentence each; at every opening.
  std::function<void(std::vector<std::string>)> weaknesses;
};

struct OpenedJournal {
  std::unique_ptr<journal::Journal> journal;
  spool::SpooledJournal* spooled = nullptr;  // the same, where it has a spool
  /// As the journal says; of one that is away, what it said last.
  journal::Identity identity;
};

/// Below `data` where the type is one with files. Kafka's gets a spool beside it, and may be away,
/// if this node has seen it before. Errors: invalid, what does not fit and what to do; unavailable,
/// try again later.
Result<OpenedJournal> open_journal(const settings::JournalSettings& settings,
                                   const DataDirectory& data, const Clock& clock,
                                   const JournalEars& ears);

/// Of type kafka: waits for the brokers, some ten seconds at most, and makes the topic when it is
/// missing. May be called again, for a journal that was away. The same errors.
Result<std::unique_ptr<journal::Journal>> open_kafka(const settings::JournalSettings& settings,
                                                     const Clock& clock, const JournalEars& ears);

}  // namespace tocsin
