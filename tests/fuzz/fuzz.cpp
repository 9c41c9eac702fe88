#include "tests/fuzz/fuzz.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "router/core/text.hpp"
#include "tests/source_dir.hpp"

namespace tocsin::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostDetailBytes = 2'000;
constexpr std::string_view kGolden = "tests/journal/golden";
// A golden line as `hexdump -C` writes it: sixteen bytes stand in these columns.
constexpr std::size_t kHexFrom = 10, kHexUntil = 59;

fs::path place_of(const std::string& path) { return fs::path(tests::source_dir()) / path; }

}  // namespace

std::vector<Target>& targets() {
  static std::vector<Target> all;
  return all;
}

void broken(const char* file, int line, const char* condition, const std::string& detail) {
  throw Broken(std::string(file) + ":" + std::to_string(line) + ": not so: " + condition + ": " +
               cut(one_line(detail), kMostDetailBytes));
}

void check_error_text(const std::string& text) {
  PROMISE(!text.empty(), "an error without words");
  PROMISE(text.size() <= kMostErrorBytes, text);
}

std::vector<std::pair<std::string, std::string>> pairs_of(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    const std::size_t equal = std::min(pair.find('='), pair.size());
    pairs.emplace_back(pair.substr(0, equal), pair.substr(std::min(equal + 1, pair.size())));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
  }
  return pairs;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Character next = first_character(text);
    if (!next.valid) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

bool has_control(std::string_view text, std::string_view but) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 || byte == 0x7f) && but.find(c) == std::string_view::npos;
  });
}

std::string file_of(const std::string& path) {
  std::ifstream in(place_of(path), std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "%s: no such file\n", place_of(path).c_str());
    std::abort();
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(place_of(folder), none))
    if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string golden(const std::string& name) {
  const std::string dump = file_of(std::string(kGolden) + "/" + name + ".hex");
  std::string bytes;
  Input lines(dump);
  while (!lines.empty()) {
    const std::string_view line = lines.line();
    if (line.size() <= kHexFrom) continue;
    std::string digits;
    for (const char c : line.substr(kHexFrom, kHexUntil - kHexFrom))
      if (c != ' ' && c != '|') digits += c;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
      bytes += static_cast<char>(std::strtoul(digits.substr(i, 2).c_str(), nullptr, 16));
  }
  return bytes;
}

std::vector<std::string> goldens(const std::string& beginning) {
  std::vector<std::string> names;
  for (const std::string& file : files_in(std::string(kGolden)))
    if (file.starts_with(beginning)) names.push_back(file.substr(0, file.find('.')));
  return names;
}

}  // namespace tocsin::fuzz
