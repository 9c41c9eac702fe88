// What tocsin itself keeps in the directory under --data, by name, so that nothing that a
// configuration puts there takes the place of it.
#pragma once

#include <string_view>

namespace tocsin {

inline constexpr const char* kLockFile = "lock";
inline constexpr const char* kSecretFile = "secret";
inline constexpr const char* kNodeFile = "node";
inline constexpr const char* kBootFile = "boot";  // of the processes that have had the directory
inline constexpr const char* kBlackBoxFile = "deciding";
inline constexpr const char* kJournalFile = "journal-identity";  // of the cluster's journal
inline constexpr const char* kSpoolDirectory = "spool";
inline constexpr const char* kProgressFile = "spool-forwarded";
inline constexpr const char* kSetAsideFile = "spool-forwarded.set-aside";
inline constexpr const char* kIslandFile = "island";
inline constexpr const char* kLeverFile = "gameday.stop";  // people pull it: known to scripts, too
inline constexpr const char* kLastGoodLink = "last-good";
inline constexpr const char* kLastGoodCopies[] = {"last-good.0", "last-good.1"};

/// One of these, or one that is just being written (NAME.new).
bool is_own_name(std::string_view name);

}  // namespace tocsin
