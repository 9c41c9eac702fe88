// What a process was deciding when it died is known to the next one.
#include "router/black_box.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/catch.hpp"

using namespace tocsin;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "tocsin-black-box-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  fs::path file() const { return path / "deciding"; }
};

const RecordId kRecord{0x1122334455667788, 3, 42};

// A process that dies in the middle of what `act` began.
template <class Act>
void die_in(const fs::path& file, Act act) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto box = MappedBlackBox::open(file);
    if (box) act(**box);
    _exit(9);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
}

engine::BlackBox::Death death_in(const fs::path& file) {
  auto box = MappedBlackBox::open(file);
  REQUIRE(box);
  return (*box)->earlier();
}

}  // namespace

TEST_CASE("a process that ended in peace leaves no suspicion") {
  const Folder folder;
  die_in(folder.file(), [](engine::BlackBox& box) {
    box.begin(3, nullptr);
    box.end();
  });
  const auto death = death_in(folder.file());
  CHECK_FALSE(death.batch);
  CHECK(death.alone.empty());
}

TEST_CASE("a death among several inputs and deaths over one are told and counted") {
  const Folder folder;
  die_in(folder.file(), [](engine::BlackBox& box) { box.begin(3, nullptr); });
  for (unsigned times = 1; times <= 3; ++times) {
    die_in(folder.file(), [](engine::BlackBox& box) { box.begin(3, &kRecord); });
    const auto death = death_in(folder.file());
    CHECK(death.partition == 3);
    REQUIRE(death.alone.size() == 1);
    CHECK(death.alone.at(kRecord) == times);
  }
  die_in(folder.file(), [](engine::BlackBox& box) {
    box.begin(3, &kRecord);  // set aside this time
    box.end();
  });
  CHECK(death_in(folder.file()).alone.empty());
}

TEST_CASE("a death among several inputs is told to the next process alone") {
  const Folder folder;
  die_in(folder.file(), [](engine::BlackBox& box) { box.begin(5, nullptr); });
  CHECK(death_in(folder.file()).batch);
  CHECK_FALSE(death_in(folder.file()).batch);
}

TEST_CASE("what several partitions died of is told for each of them") {
  const Folder folder;
  const RecordId other{0x99, 5, 7};
  die_in(folder.file(), [](engine::BlackBox& box) { box.begin(3, &kRecord); });
  die_in(folder.file(), [&](engine::BlackBox& box) { box.begin(5, &other); });
  die_in(folder.file(), [](engine::BlackBox& box) { box.begin(3, nullptr); });
  const auto death = death_in(folder.file());
  CHECK(death.batch);
  CHECK(death.partition == 3);
  CHECK(death.alone.size() == 2);
}

TEST_CASE("a file of anything else is begun anew") {
  const Folder folder;
  std::ofstream(folder.file()) << std::string(5'000, 'x');
  const auto death = death_in(folder.file());
  CHECK_FALSE(death.batch);
  CHECK(death.alone.empty());
}
