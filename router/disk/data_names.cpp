#include "router/disk/data_names.hpp"

#include <algorithm>

namespace tocsin {
namespace {

constexpr std::string_view kOwnNames[] = {
    kLockFile,     kSecretFile,        kNodeFile,          kBootFile,     kBlackBoxFile,
    kJournalFile,  kSpoolDirectory,    kProgressFile,      kSetAsideFile, kIslandFile,
    kLastGoodLink, kLastGoodCopies[0], kLastGoodCopies[1], kLeverFile,
};
constexpr std::string_view kBeingWritten = ".new";

}  // namespace

bool is_own_name(std::string_view name) {
  if (name.ends_with(kBeingWritten)) name.remove_suffix(kBeingWritten.size());
  return std::find(std::begin(kOwnNames), std::end(kOwnNames), name) != std::end(kOwnNames);
}

}  // namespace tocsin
