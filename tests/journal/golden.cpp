#include "tests/journal/golden.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/catch.hpp"
#include "tests/source_dir.hpp"

namespace tocsin::testing {
namespace {

constexpr std::size_t kBytesOfLine = 16;
constexpr std::size_t kOffsetColumns = 10;

std::filesystem::path path_of(const std::string& name) {
  return std::filesystem::path(tocsin::tests::source_dir()) / "tests/journal/golden" /
         (name + ".hex");
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::string hex_dump(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += kBytesOfLine) {
    const std::string_view line = bytes.substr(at, kBytesOfLine);
    char number[32];
    std::snprintf(number, sizeof number, "%08zx ", at);
    text += number;
    for (std::size_t i = 0; i < kBytesOfLine; ++i) {
      std::snprintf(
          number, sizeof number, " %02x",
          static_cast<unsigned>(static_cast<unsigned char>(i < line.size() ? line[i] : 0)));
      text += i < line.size() ? number : "   ";
    }
    text += "  |";
    for (const char c : line) text += c >= ' ' && c <= '~' ? c : '.';
    text += "|\n";
  }
  return text;
}

void check_golden(const std::string& name, std::string_view bytes) {
  INFO("golden file " << path_of(name));
  if (std::getenv("TOCSIN_WRITE_GOLDEN") != nullptr)
    REQUIRE(std::ofstream(path_of(name)) << hex_dump(bytes));
  CHECK(hex_dump(bytes) == text_of(path_of(name)));
}

std::string golden_bytes(const std::string& name) {
  INFO("golden file " << path_of(name));
  std::istringstream lines(text_of(path_of(name)));
  std::string bytes;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(kOffsetColumns, 3 * kBytesOfLine));
    for (std::string word; words >> word;)
      bytes += static_cast<char>(std::stoul(word, nullptr, 16));
  }
  REQUIRE_FALSE(bytes.empty());
  return bytes;
}

}  // namespace tocsin::testing
