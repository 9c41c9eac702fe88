// What an island's beginning is after a restart, and after a kill in the middle of writing it.
#include "router/island/island_file.hpp"

#include "tests/journal/tools.hpp"

namespace tocsin::island::testing {
namespace {

using journal::testing::file_bytes;
using journal::testing::TempDirectory;
using journal::testing::write_file;

IslandBeginning some_beginning() {
  return {"0123456789abcdef",
          {0, ~Position{0}, 17},
          {true, false, true},
          {"a state", "", std::string("\0\xff\n", 3)},
          WallTime(Duration(1'795'312'363'123'456))};
}

}  // namespace

TEST_CASE("an island's beginning is loaded as it was saved and there is none before") {
  TempDirectory directory;
  IslandFile file(directory / "island");
  CHECK_FALSE(file.exists());
  REQUIRE(file.load());
  CHECK_FALSE(file.load()->has_value());
  REQUIRE(file.save(some_beginning()));
  CHECK(file.exists());
  CHECK(**IslandFile(directory / "island").load() == some_beginning());
  REQUIRE(file.save({}));
  CHECK(**file.load() == IslandBeginning{});
}

TEST_CASE("an island's beginning has room for large states") {
  TempDirectory directory;
  IslandFile file(directory / "island");
  IslandBeginning beginning = some_beginning();
  beginning.states = {std::string(5'000'000, 'x'), "", std::string(3'000'000, 'y')};
  REQUIRE(file.save(beginning));
  CHECK(**file.load() == beginning);
}

TEST_CASE("any change of an island's beginning is noticed") {
  TempDirectory directory;
  IslandFile file(directory / "island");
  REQUIRE(file.save(some_beginning()));
  const std::string good = file_bytes(directory / "island");
  const auto check_corrupt = [&](const std::string& bad) {
    write_file(directory / "island", bad);
    const auto loaded = file.load();
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().kind == ErrorKind::corrupt);
    CHECK(loaded.error().message.find((directory / "island").string()) == 0);
  };
  for (std::size_t i = 0; i < good.size(); ++i) {
    INFO(i);
    for (const int bit : {1, 128}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ bit);
      check_corrupt(bad);
    }
    check_corrupt(good.substr(0, i));
  }
  check_corrupt(good + '\0');
  CHECK(file.exists());
}

TEST_CASE("a half written beginning beside the good one is ignored") {
  TempDirectory directory;
  IslandFile file(directory / "island");
  write_file(directory / "island.new", "tocsin isl");
  CHECK_FALSE(file.exists());
  CHECK_FALSE(file.load()->has_value());
  REQUIRE(file.save(some_beginning()));
  write_file(directory / "island.new", "tocsin isl");
  CHECK(**file.load() == some_beginning());
  IslandBeginning next = some_beginning();
  next.spool = "another";
  REQUIRE(file.save(next));
  CHECK(**file.load() == next);
}

TEST_CASE("an island's beginning is removed once and for all") {
  TempDirectory directory;
  IslandFile file(directory / "island");
  REQUIRE(file.remove());
  REQUIRE(file.save(some_beginning()));
  REQUIRE(file.remove());
  CHECK_FALSE(file.exists());
  CHECK_FALSE(file.load()->has_value());
}

TEST_CASE("a beginning that cannot be written or read names the file and the reason") {
  TempDirectory directory;
  const IslandFile missing(directory / "missing/island");
  const Status saved = missing.save(some_beginning());
  REQUIRE_FALSE(saved);
  CHECK(saved.error().kind == ErrorKind::unavailable);
  CHECK(saved.error().message.find("missing/island") != std::string::npos);
  CHECK(saved.error().message.find("No such file or directory") != std::string::npos);
  std::filesystem::create_directory(directory / "island");
  const auto loaded = IslandFile(directory / "island").load();
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().kind == ErrorKind::unavailable);
}

}  // namespace tocsin::island::testing
