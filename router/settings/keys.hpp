// Which keys the configuration has, section by section: what the reader accepts, what README.md
// describes, and what is promised for a later version.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::settings {

struct Keys {
  std::string_view where;  // such as "integrations[]"; empty for a file itself
  std::vector<std::string_view> known;
  std::vector<std::string_view> later;           // answered with "not in this version"
  std::vector<std::string_view> misplaced = {};  // known, but not here
  std::string_view misplaced_remedy = {};
  struct Answer {
    std::string_view key, answer;
  };
  std::vector<Answer> answered = {};  // no keys of any version, but people look for them here
};

inline constexpr std::string_view kNotInThisVersion = "not in this version";

extern const Keys kServiceFile;  // tocsin.yaml
extern const Keys kTeamFile;     // teams/*.yaml
extern const Keys kServer;
extern const Keys kToken;
extern const Keys kSqliteJournal;
extern const Keys kKafkaJournal;
extern const Keys kStore;
extern const Keys kIntegration;  // beside these, the fields of its source
extern const Keys kHeartbeat;
extern const Keys kChannel;  // beside these, the fields of its type
extern const Keys kPerson;
extern const Keys kNotify;
extern const Keys kLeave;
extern const Keys kQuietHours;
extern const Keys kPageLimit;
extern const Keys kDefault;
extern const Keys kRota;
extern const Keys kLayer;
extern const Keys kRotation;  // of a rota or of a layer
extern const Keys kOnly;      // of a rota or of a layer
extern const Keys kOverride;
extern const Keys kPolicy;
extern const Keys kStep;
extern const Keys kTarget;
extern const Keys kStepOnly;
extern const Keys kRule;
extern const Keys kAdvise;
extern const Keys kTold;
extern const Keys kRemediate;
extern const Keys kRunbook;
extern const Keys kHook;  // beside these, the fields of its type
extern const Keys kHookLimit;
extern const Keys kWindow;
extern const Keys kGameday;
extern const Keys kStopIf;

/// Words for `type:` and `source:` that a later version knows.
extern const std::vector<std::string_view> kLaterSources;
extern const std::vector<std::string_view> kLaterChannelTypes;
extern const std::vector<std::string_view> kLaterHookTypes;

/// Every section, in the order of README.md.
std::span<const Keys* const> all_keys();

}  // namespace tocsin::settings
