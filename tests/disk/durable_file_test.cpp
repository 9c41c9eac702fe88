// Small files: one is whole, or the one before it is.
#include "router/disk/durable_file.hpp"

#include <sys/stat.h>

#include "tests/catch.hpp"
#include "tests/journal/tools.hpp"

namespace tocsin {
namespace {

using journal::testing::file_bytes;
using journal::testing::TempDirectory;
using journal::testing::write_file;

}  // namespace

TEST_CASE("a file is replaced by the parts that it is given side by side") {
  TempDirectory directory;
  REQUIRE(replace_file(directory / "file", "the first"));
  CHECK(file_bytes(directory / "file") == "the first");
  const std::string large(3'000'000, 'x');
  REQUIRE(replace_file(directory / "file", {"one ", large, "", " two"}));
  CHECK(file_bytes(directory / "file") == "one " + large + " two");
  CHECK_FALSE(std::filesystem::exists(directory / "file.new"));
}

TEST_CASE("a file is its owner's only") {
  TempDirectory directory;
  REQUIRE(replace_file(directory / "file", "secret"));
  struct stat found {};
  REQUIRE(::stat((directory / "file").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
}

TEST_CASE("what a killed process left half written is in nobody's way") {
  TempDirectory directory;
  REQUIRE(replace_file(directory / "file", "good"));
  write_file(directory / "file.new", "hal");
  CHECK(file_bytes(directory / "file") == "good");
  REQUIRE(replace_file(directory / "file", "better"));
  CHECK(file_bytes(directory / "file") == "better");
}

TEST_CASE("a new file takes nobody's place") {
  TempDirectory directory;
  REQUIRE(write_new_file(directory / "file", "mine"));
  const Status second = write_new_file(directory / "file", "yours");
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::unavailable);
  CHECK(second.error().message.find("file: cannot write it: File exists") != std::string::npos);
  CHECK(file_bytes(directory / "file") == "mine");
}

TEST_CASE("a file is removed with what was half written of it and need not be there") {
  TempDirectory directory;
  REQUIRE(remove_file(directory / "file"));
  REQUIRE(replace_file(directory / "file", "good"));
  write_file(directory / "file.new", "hal");
  REQUIRE(remove_file(directory / "file"));
  CHECK(std::filesystem::is_empty(directory.path()));
  CHECK_FALSE(remove_file(directory / "missing/file"));
}

}  // namespace tocsin
