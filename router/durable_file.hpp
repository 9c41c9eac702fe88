// Small files that are whole or not there, whatever ends the process or the power.
#pragma once

#include <filesystem>
#include <string_view>

#include "router/core/result.hpp"

namespace tocsin {

/// A file that is not there yet, its owner's only, on stable storage; its name is when its
/// directory was synced (sqlite::sync_directory()). Errors: unavailable, the disk.
Status write_new_file(const std::filesystem::path& path, std::string_view bytes);

/// The file is the earlier one or this one, never half of either, and its name durable. Errors:
/// unavailable, the disk.
Status replace_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace tocsin
