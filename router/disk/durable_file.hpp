// Small files that are whole or not there, whatever ends the process or the power.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "router/core/result.hpp"

namespace tocsin {

/// A file that is not there yet, its owner's only, on stable storage; its name is when its
/// directory was synced. Errors: unavailable, the disk.
Status write_new_file(const std::filesystem::path& path, std::string_view bytes);

/// The file is the earlier one or this one, never half of either, and its name durable. Beside it,
/// `path`.new is written first: half of one may be left by a process that was killed. Errors:
/// unavailable, the disk.
Status replace_file(const std::filesystem::path& path, std::string_view bytes);
/// The same, of parts that stand side by side in the file.
Status replace_file(const std::filesystem::path& path, const std::vector<std::string_view>& parts);

/// The file is gone and stays away, and with it what was left of its `.new`; it need not have been
/// there. Errors: unavailable, the disk.
Status remove_file(const std::filesystem::path& path);

/// Makes names in the directory (empty: the one that we are in) durable. Errors: unavailable, the
/// disk.
Status sync_directory(const std::filesystem::path& directory);

}  // namespace tocsin
