#include "router/data_directory.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "router/black_box.hpp"
#include "router/disk/data_names.hpp"
#include "router/last_good.hpp"
#include "tests/catch.hpp"
#include "tests/service/scratch.hpp"

using namespace tocsin;
using namespace tocsin::tests;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& path) {
  return static_cast<unsigned>(fs::status(path).permissions());
}

}  // namespace

TEST_CASE("the data directory is its owner's alone and held by one process") {
  const Scratch scratch;
  const fs::path data = scratch.path / "a" / "data";
  const auto first = DataDirectory::open(data);
  REQUIRE(first);
  CHECK(mode_of(data) == 0700);
  const auto second = DataDirectory::open(data);
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::refused);
  CHECK(second.error().message.find("in use by another tocsin") != std::string::npos);
}

TEST_CASE("the lock is given back when the directory is closed") {
  const Scratch scratch;
  { CHECK(DataDirectory::open(scratch.path / "data")); }
  CHECK(DataDirectory::open(scratch.path / "data"));
}

TEST_CASE("a directory that others use is refused and left as it is") {
  const Scratch scratch;
  fs::permissions(scratch.path, fs::perms(0755));
  std::ofstream(scratch.path / "somebody's") << "file";
  const auto opened = DataDirectory::open(scratch.path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().message.find("chmod 700") != std::string::npos);
  CHECK(mode_of(scratch.path) == 0755);
}

TEST_CASE("the secret is made once and readable by its owner only") {
  const Scratch scratch;
  std::string secret;
  {
    const auto data = DataDirectory::open(scratch.path / "data");
    REQUIRE(data);
    secret = *data->secret();
    CHECK(secret.size() == 64);
    CHECK(mode_of(scratch.path / "data" / "secret") == 0600);
  }
  const auto again = DataDirectory::open(scratch.path / "data");
  REQUIRE(again);
  CHECK(*again->secret() == secret);
}

TEST_CASE("a damaged secret is an error and not silently another one") {
  const Scratch scratch;
  const auto data = DataDirectory::open(scratch.path / "data");
  REQUIRE(data);
  std::ofstream(scratch.path / "data" / "secret") << "short";
  const auto secret = data->secret();
  REQUIRE_FALSE(secret);
  CHECK(secret.error().kind == ErrorKind::corrupt);
}

TEST_CASE("what tocsin keeps in its directory has names that nothing else may take") {
  const Scratch scratch;
  const auto data = DataDirectory::open(scratch.path / "data");
  REQUIRE(data);
  REQUIRE(data->secret());
  REQUIRE(data->node());
  REQUIRE(MappedBlackBox::open(data->path() / kBlackBoxFile));
  const LastGood last_good(data->path());
  for (int i = 0; i < 2; ++i) REQUIRE(last_good.keep({{"tocsin.yaml", "# nothing"}}));
  int names = 0;
  for (const auto& entry : fs::directory_iterator(data->path())) {
    INFO(entry.path());
    CHECK(is_own_name(entry.path().filename().string()));
    ++names;
  }
  CHECK(names == 7);
  CHECK(is_own_name("secret.new"));
  for (const char* free : {"journal", "store.db", "history", "node.db", "spool.db", ".new", ""})
    CHECK_FALSE(is_own_name(free));
}
