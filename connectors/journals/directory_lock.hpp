// Keeps a directory for one process, or for one object of it: two writers would give the same
// positions twice.
#pragma once

#include "connectors/sqlite/files.hpp"

namespace tocsin::journal {

/// Makes the directory when there is none. Errors: refused, somebody has it; unavailable.
Result<sqlite::FileLock> lock_directory(const std::filesystem::path& directory);

}  // namespace tocsin::journal
