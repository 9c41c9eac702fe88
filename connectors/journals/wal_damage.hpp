// A WAL that a killed process left, looked at before SQLite does. SQLite ends a WAL silently at the
// first frame whose checksum does not fit, as after a power cut: a flipped bit would cost every
// later commit, though each was on stable storage, and nobody would hear of it.
//
// Commits are fsynced one after the other. So a whole frame after the end of the commit in which
// one does not fit says that this is damage. Then all checksums from there on are made to fit: what
// was changed is in the database like the rest, where a row's own checksum finds it and costs only
// that row. Damage in the last commit looks as what a power cut leaves of one that was never
// promised, and is taken for that.
#pragma once

#include <filesystem>

#include "router/core/result.hpp"

namespace tocsin::journal {

/// Nobody has the database open. Whether there was damage and is no more; false if there is no such
/// file. Errors: corrupt, what was damaged cannot be put back in its place, and the WAL is as it
/// was; unavailable, the disk.
Result<bool> mend_wal(const std::filesystem::path& wal);

}  // namespace tocsin::journal
