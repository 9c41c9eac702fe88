// What the spool keeps beside its journal, on a real disk.
#include <fstream>

#include "router/core/checksum.hpp"
#include "router/disk/data_names.hpp"
#include "router/spool/spool_disk.hpp"
#include "router/spool/spooled_journal.hpp"
#include "tests/journal/tools.hpp"
#include "tests/spool/lent_journal.hpp"

namespace tocsin::spool::testing {

using journal::Cursor;
using journal::testing::file_bytes;
using journal::testing::record_of;
using journal::testing::TempDirectory;
using journal::testing::write_file;

TEST_CASE("progress is loaded as it was saved and there is none before") {
  TempDirectory directory;
  SpoolFiles files(directory / "progress", directory / "spool");
  CHECK_FALSE(files.load()->has_value());
  for (const Cursor& cursor : {Cursor{1, 2, 3}, Cursor{~Position{0}, 0, 7}}) {
    REQUIRE(files.save({"0123-abc", cursor}));
    const auto loaded = SpoolFiles(directory / "progress", directory / "spool").load();
    REQUIRE(loaded);
    CHECK(*loaded == Progress{"0123-abc", cursor});
  }
}

TEST_CASE("what an island has decided is saved with the progress and older files have none") {
  TempDirectory directory;
  SpoolFiles files(directory / "progress", directory / "spool");
  REQUIRE(files.save({"0123-abc", {1, 2}, {17, 0}}));
  CHECK(**files.load() == Progress{"0123-abc", {1, 2}, {17, 0}});
  CHECK(file_bytes(directory / "progress")
            .starts_with("tocsin spool progress 1\nspool 0123-abc\nforwarded 1 2\ndecided 17 0\n"));
  // As they were written before there were islands.
  const std::string older = "tocsin spool progress 1\nspool 0123-abc\nforwarded 1 20 300\n";
  write_file(directory / "progress", older + "crc " + std::to_string(crc32c(older)) + "\n");
  CHECK(**files.load() == Progress{"0123-abc", {1, 20, 300}});
}

TEST_CASE("any change of the progress file is noticed") {
  TempDirectory directory;
  SpoolFiles files(directory / "progress", directory / "spool");
  REQUIRE(files.save({"0123-abc", {1, 20, 300}, {7, 8, 9}}));
  const std::string good = file_bytes(directory / "progress");
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 4);
    write_file(directory / "progress", bad);
    const auto loaded = files.load();
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().kind == ErrorKind::corrupt);
    write_file(directory / "progress", good.substr(0, i));
    CHECK_FALSE(files.load());
  }
}

TEST_CASE("a half written progress beside the good one is ignored") {
  TempDirectory directory;
  SpoolFiles files(directory / "progress", directory / "spool");
  REQUIRE(files.save({"a", {1}}));
  write_file(directory / "progress.new", "tocsin spo");
  CHECK((*files.load())->forwarded == Cursor{1});
  REQUIRE(files.save({"a", {2}}));
  CHECK((*files.load())->forwarded == Cursor{2});
}

TEST_CASE("a progress that cannot be written names the file and the reason") {
  TempDirectory directory;
  SpoolFiles files(directory / "missing/progress", directory / "spool");
  const Status saved = files.save({"a", {1}});
  REQUIRE_FALSE(saved);
  CHECK(saved.error().kind == ErrorKind::unavailable);
  CHECK(saved.error().message.find("missing/progress") != std::string::npos);
  CHECK(saved.error().message.find("No such file or directory") != std::string::npos);
}

TEST_CASE("records that are set aside can be read again one after the other") {
  TempDirectory directory;
  SpoolFiles files(directory / "progress", directory / "spool");
  for (std::uint64_t i = 1; i <= 3; ++i)
    REQUIRE(files.set_aside(record_of(1, i, "body " + std::to_string(i))));
  const std::string bytes = file_bytes(files.set_aside_path());
  std::string_view rest = bytes;
  for (std::uint64_t i = 1; i <= 3; ++i)
    CHECK(*decode_record(rest) == record_of(1, i, "body " + std::to_string(i)));
  CHECK(rest.empty());
}

TEST_CASE("what stands beside a spool has names that nothing else may take") {
  const SpoolFiles files(std::filesystem::path("data") / kProgressFile,
                         std::filesystem::path("data") / kSpoolDirectory);
  CHECK(files.set_aside_path() == std::filesystem::path("data") / kSetAsideFile);
}

TEST_CASE("the spool is as large as its files") {
  TempDirectory directory;
  SpoolFiles files(directory / "progress", directory / "spool");
  CHECK(files.bytes() == 0);
  std::filesystem::create_directory(directory / "spool");
  write_file(directory / "spool/one", std::string(1000, 'x'));
  write_file(directory / "spool/two", std::string(234, 'x'));
  CHECK(files.bytes() == 1234);
}

// The real spool: SQLite below, killed (nothing is saved at the end) and started again.
TEST_CASE("what a real spool has is forwarded after a restart and once that is saved never again") {
  TempDirectory directory;
  MovedClock clock;
  const auto main = std::make_shared<journal::MemoryJournal>(Partition{4}, "main");
  const auto start = [&] {
    SpoolOptions options;
    options.own_thread = false;
    return std::make_unique<SpooledJournal>(
        options, std::make_unique<LentJournal>(main),
        journal::testing::open(journal::testing::options_in(directory / "spool"), clock),
        std::make_unique<SpoolFiles>(directory / "progress", directory / "spool"), clock);
  };
  main->break_down("no broker answers");
  auto node = start();
  std::promise<void> answered;
  for (std::uint64_t i = 1; i <= 100; ++i)
    node->append(static_cast<Partition>(i % 4), {record_of(0, i, "body")},
                 [&answered, i](const journal::Appended& appended) {
                   if (appended.durable() && i == 100) answered.set_value();
                 });
  node->step();
  answered.get_future().get();
  CHECK(node->counts().spool_bytes > 4000);
  node.reset();
  main->mend();
  node = start();
  CHECK(node->is_spooling());
  while (node->is_spooling()) node->step();
  CHECK(journal::testing::read_all(*main).entries.size() == 100);
  node.reset();
  node = start();
  CHECK_FALSE(node->is_spooling());
  node.reset();
  std::filesystem::remove(directory / "progress");
  node = start();
  while (node->is_spooling()) node->step();
  CHECK(journal::testing::read_all(*main).entries.size() == 200);  // by the same ids
}

}  // namespace tocsin::spool::testing
