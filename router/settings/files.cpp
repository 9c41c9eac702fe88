// Reads the configuration's directory, and what its values take from the process's environment.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "router/core/clock.hpp"
#include "router/settings/cases.hpp"
#include "router/settings/expansion.hpp"
#include "router/settings/report.hpp"
#include "router/settings/settings.hpp"

namespace tocsin::settings {
namespace {

namespace fs = std::filesystem;

/// Deeper folders of teams/ are not looked into even to say that they are not read.
constexpr int kMostFolders = 4;

bool is_yaml(const std::string& name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }
/// Test cases of `tocsin test`, and what editors leave beside a file.
bool is_passed_over(const std::string& name) {
  return name.ends_with("_test.yaml") || name.starts_with('.');
}

/// `most` is checked before a byte is read. A pipe would never end, so only plain files.
Result<std::string> read_plain_file(const fs::path& path, std::size_t most,
                                    const std::string& remedy) {
  std::error_code problem;
  const fs::file_status status = fs::status(path, problem);
  const std::string shown_path = path.string();
  if (!fs::exists(status)) return invalid(shown_path + ": no such file; " + remedy);
  if (!fs::is_regular_file(status)) return invalid(shown_path + ": not a plain file; " + remedy);
  const auto size = fs::file_size(path, problem);
  if (problem) return invalid(shown_path + ": " + problem.message() + "; " + remedy);
  if (size > most)
    return invalid(shown_path + ": larger than " + std::to_string(most >> 10) +
                   " KiB; make it smaller");
  std::ifstream stream(path, std::ios::binary);
  // One byte more than the size, to see that it has not grown meanwhile past what is allowed.
  std::string text(most + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  const auto count = static_cast<std::size_t>(stream.gcount());
  if (stream.bad() || (!stream.eof() && count <= most) || count > most)
    return invalid(shown_path + ": cannot be read; check its owner and mode");
  text.resize(count);
  return text;
}

/// YAML files in the folders of teams/, from where nobody reads them. What begins with a dot is
/// passed over: a mounted ConfigMap keeps its files in such folders.
std::vector<std::string> names_below(const fs::path& teams) {
  std::vector<std::string> names;
  std::error_code problem;
  for (fs::recursive_directory_iterator entry(teams, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    const std::string name = entry->path().filename().string();
    std::error_code unknown;
    if (entry->is_directory(unknown)) {
      if (is_passed_over(name) || entry.depth() >= kMostFolders) entry.disable_recursion_pending();
    } else if (entry.depth() > 0 && is_yaml(name) && !is_passed_over(name)) {
      names.push_back(entry->path().lexically_relative(teams).string());
    }
    if (names.size() >= kMostFiles) break;
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The names of the files directly in `directory` that are wanted, sorted.
Result<std::vector<std::string>> names_in(const fs::path& directory,
                                          bool (*wanted)(const std::string&)) {
  std::vector<std::string> names;
  std::error_code problem;
  for (fs::directory_iterator entry(directory, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    const std::string name = entry->path().filename().string();
    if (wanted(name)) names.push_back(name);
    if (names.size() > kMostFiles)
      return invalid(directory.string() + ": more than " + std::to_string(kMostFiles) +
                     " files; remove some");
  }
  if (problem)
    return invalid(directory.string() + ": " + problem.message() + "; check its owner and mode");
  std::sort(names.begin(), names.end());
  return names;
}

bool is_configuration(const std::string& name) { return is_yaml(name) && !is_passed_over(name); }
bool is_test(const std::string& name) {
  return name.ends_with("_test.yaml") && !name.starts_with('.');
}

}  // namespace

Result<std::vector<File>> read_directory(const std::string& directory) {
  const fs::path root(directory);
  std::error_code problem;
  if (!fs::is_directory(root, problem))
    return invalid(directory +
                   (fs::exists(root, problem) ? ": not a directory" : ": no such directory") +
                   "; give --config the directory that has tocsin.yaml");
  std::vector<File> files;
  std::size_t bytes = 0;
  const auto add = [&](const std::string& name) -> Status {
    TOCSIN_TRY(std::string text,
               read_plain_file(root / name, kMostFileBytes, "write one, or mend --config"));
    bytes += text.size();
    if (bytes > kMostBytes)
      return invalid(directory + ": more than " + std::to_string(kMostBytes >> 20) +
                     " MiB; remove some files");
    files.push_back({name, std::move(text)});
    return ok();
  };
  TOCSIN_TRY(Unit service, add("tocsin.yaml"));
  static_cast<void>(service);
  if (fs::is_directory(root / "teams", problem)) {
    TOCSIN_TRY(const auto names, names_in(root / "teams", is_configuration));
    for (const std::string& name : names) {
      // load() notes what is not read, by its name.
      if (!name.ends_with(".yaml")) {
        files.push_back({"teams/" + name, ""});
        continue;
      }
      TOCSIN_TRY(Unit team, add("teams/" + name));
      static_cast<void>(team);
    }
    for (const std::string& name : names_below(root / "teams"))
      files.push_back({"teams/" + name, ""});
  }
  TOCSIN_TRY(const auto beside, names_in(root, is_configuration));
  for (const std::string& name : beside)
    if (name != "tocsin.yaml") files.push_back({name, ""});
  return files;
}

Result<std::vector<File>> read_case_files(const std::string& directory) {
  std::vector<File> files;
  std::size_t bytes = 0;
  for (const std::string folder : {"", "teams/"}) {
    const fs::path path = fs::path(directory) / folder;
    if (std::error_code problem; !fs::is_directory(path, problem)) continue;
    TOCSIN_TRY(const auto names, names_in(path, is_test));
    for (const std::string& name : names) {
      TOCSIN_TRY(std::string text, read_plain_file(path / name, kMostFileBytes, "mend its name"));
      bytes += text.size();
      if (bytes > kMostBytes)
        return invalid(directory + ": more than " + std::to_string(kMostBytes >> 20) +
                       " MiB of tests; remove some files");
      files.push_back({folder + name, std::move(text)});
    }
  }
  return files;
}

Environment process_environment() {
  Environment environment;
  environment.variable = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
  environment.file = [](const std::string& path) {
    return read_plain_file(path, kMostExpandedBytes, "create it, or mend the path");
  };
  environment.now = SystemClock().now().wall;
  return environment;
}

}  // namespace tocsin::settings
