// Files with damage in them: it is found and named, and everything around it is kept.
#include "tests/journal/tools.hpp"

namespace tocsin::journal::testing {
namespace {

constexpr std::size_t kPage = 4096;

/// A closed journal of `count` records in partition 1, the body of number n beginning with
/// "needle-n.".
std::filesystem::path make_journal(const SqliteOptions& options, std::uint64_t count,
                                   std::size_t padding) {
  const FixedClock clock;
  const auto journal = open(options, clock);
  for (std::uint64_t i = 1; i <= count; ++i)
    REQUIRE(
        append_one(*journal, 1, i, "needle-" + std::to_string(i) + "." + std::string(padding, 'x'))
            .durable());
  return segments_in(options.directory).at(0);
}

void change_byte(const std::filesystem::path& file, std::size_t at) {
  std::string bytes = file_bytes(file);
  bytes.at(at) = static_cast<char>(bytes.at(at) ^ 0x10);
  write_file(file, bytes);
}

}  // namespace

TEST_CASE("a flipped bit in a stored body is found and named and its neighbours are kept") {
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = options_in(directory / "journal");
  const auto file = make_journal(options, 20, 100);
  change_byte(file, file_bytes(file).find("needle-5.") + 2);
  const auto journal = open(options, clock);
  const Batch all = read_all(*journal);
  REQUIRE(all.entries.size() == 19);
  for (const Entry& entry : all.entries) {
    CHECK(entry.record.id.sequence != 5);
    CHECK(entry.position == entry.record.id.sequence);
  }
  REQUIRE(all.damaged.size() == 1);
  CHECK(all.damaged[0].where == file.string() + ", position 5");
  CHECK(all.damaged[0].what == "a record's checksum does not fit");
}

TEST_CASE("a flipped bit in a WAL that a kill left costs its own record and no later commit") {
  const TempDirectory directory;
  const FixedClock clock;
  SqliteOptions options = options_in(directory / "journal");
  const std::size_t commits = 20;
  auto journal = open(options, clock);
  for (std::uint64_t i = 1; i <= commits; ++i)
    REQUIRE(append_one(*journal, 1, i, "needle-" + std::to_string(i) + "." + std::string(5000, 'x'))
                .durable());
  // As a kill leaves it: the files of a journal that is still open.
  const std::string wal = segments_in(options.directory).at(0).filename().string() + "-wal";
  const std::filesystem::path left = options.directory;
  const std::size_t whole = file_bytes(left / wal).size();
  // The last frame of that page; those before it no longer count.
  const std::size_t needle = file_bytes(left / wal).rfind("needle-5.");
  REQUIRE(needle != std::string::npos);
  struct Place {
    std::string what;
    std::size_t at;
    std::size_t most_lost;
  };
  const std::size_t frame = 4096 + 24, frame_of_needle = 32 + (needle - 32) / frame * frame;
  for (const Place& place :
       {Place{"a body", needle + 2, 1}, Place{"a frame's salt", frame_of_needle + 9, 0},
        Place{"a frame's checksum", frame_of_needle + 17, 0},
        Place{"its last commit, as a power cut might", whole - 100, 1}}) {
    INFO(place.what);
    options.directory = directory / std::to_string(place.at);
    std::filesystem::copy(left, options.directory);
    change_byte(options.directory / wal, place.at);
    const auto after = open(options, clock);
    const Batch all = read_all(*after);
    CHECK(all.entries.size() >= commits - place.most_lost);
    CHECK(all.entries.size() + all.damaged.size() <= commits);
    for (const Entry& entry : all.entries) CHECK(entry.position == entry.record.id.sequence);
    if (place.at == needle + 2) {
      REQUIRE(all.damaged.size() == 1);
      CHECK(all.damaged[0].what == "a record's checksum does not fit");
    }
    CHECK(append_one(*after, 1, commits + 1).durable());
  }
}

TEST_CASE("a WAL whose beginning is damaged is named and its positions are not given again") {
  const TempDirectory directory;
  const FixedClock clock;
  SqliteOptions options = options_in(directory / "journal");
  const auto journal = open(options, clock);
  for (std::uint64_t i = 1; i <= 20; ++i) REQUIRE(append_one(*journal, 1, i).durable());
  const std::filesystem::path left = options.directory;
  const std::string wal = segments_in(left).at(0).filename().string() + "-wal";
  for (const std::size_t at : {std::size_t{1}, std::size_t{9}, std::size_t{17}, std::size_t{25}}) {
    INFO(at);
    options.directory = directory / std::to_string(at);
    std::filesystem::copy(left, options.directory);
    change_byte(options.directory / wal, at);
    const auto after = open(options, clock);
    const Appended appended = append_one(*after, 1, 21);
    REQUIRE(appended.durable());
    CHECK(appended.last > 20);
    CHECK(!read_all(*after).damaged.empty());
  }
}

TEST_CASE("a file cut off in the middle keeps its beginning and later positions are new") {
  const TempDirectory directory;
  const FixedClock clock;
  SqliteOptions options = options_in(directory / "journal");
  const auto file = make_journal(options, 100, 1000);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2 / kPage * kPage);
  auto journal = open(options, clock);
  const Appended appended = append_one(*journal, 1, 101);
  REQUIRE(appended.durable());
  CHECK(appended.last > 100);
  for (int start = 0; start < 2; ++start) {
    const Batch all = read_all(*journal);
    CHECK(all.entries.size() > 30);
    CHECK(all.entries.size() < 100);
    for (std::size_t i = 0; i + 1 < all.entries.size(); ++i)
      REQUIRE(all.entries[i].record.id.sequence == i + 1);
    CHECK(all.entries.back().record.id.sequence == 101);
    CHECK(all.entries.back().position == appended.last);
    REQUIRE(all.damaged.size() == 1);
    CHECK(all.damaged[0].where.find(file.string() + ", positions ") == 0);
    journal.reset();
    journal = open(options, clock);
  }
}

TEST_CASE("a page of zeros in the middle costs its own rows only") {
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = options_in(directory / "journal");
  const auto file = make_journal(options, 200, 700);
  std::string bytes = file_bytes(file);
  const std::size_t page = bytes.find("needle-100.") / kPage;
  bytes.replace(page * kPage, kPage, kPage, '\0');
  write_file(file, bytes);
  const auto journal = open(options, clock);
  const Batch all = read_all(*journal);
  CHECK(all.entries.size() >= 190);
  CHECK(all.entries.size() < 200);
  CHECK(all.entries.front().position == 1);
  CHECK(all.entries.back().position == 200);
  // Beside it, what the file may have held after its last row: a damaged one is not believed when
  // it says "nothing".
  REQUIRE(all.damaged.size() == 2);
  CHECK(all.damaged[1].where.find(file.string() + ", positions 201 to ") == 0);
  // The named range is exactly what is missing.
  Position missing_from = 1;
  while (all.entries[missing_from - 1].position == missing_from) ++missing_from;
  const Position missing_to = missing_from + 200 - all.entries.size() - 1;
  CHECK(all.damaged[0].where == file.string() + ", positions " + std::to_string(missing_from) +
                                    " to " + std::to_string(missing_to));
}

TEST_CASE("a segment that is no database any more is named and the others are read") {
  const TempDirectory directory;
  FixedClock clock;
  const SqliteOptions options = options_in(directory / "journal");
  auto journal = open(options, clock);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    clock.set("2026-11-2" + std::to_string(i + 2) + "T00:00:00Z");
    REQUIRE(append_one(*journal, 0, i).durable());
  }
  journal.reset();
  const auto files = segments_in(options.directory);
  REQUIRE(files.size() == 3);
  const std::size_t ruined = GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{2});
  write_file(files[ruined], std::string(3 * kPage, '#'));
  journal = open(options, clock);
  const Batch all = read_all(*journal);
  CHECK(all.entries.size() == 2);
  REQUIRE(all.damaged.size() == 1);
  CHECK(all.damaged[0].where.find(files[ruined].string()) == 0);
  const Appended appended = append_one(*journal, 0, 4);
  REQUIRE(appended.durable());
  CHECK(appended.last > 3);
  CHECK(read_all(*journal).entries.size() == 3);
}

TEST_CASE("a journal of which nothing can be read is not begun again in silence") {
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = options_in(directory / "journal");
  write_file(make_journal(options, 3, 10), std::string(3 * kPage, '#'));
  const auto journal = open_sqlite_journal(options, clock);
  REQUIRE_FALSE(journal);
  CHECK(journal.error().kind == ErrorKind::corrupt);
}

TEST_CASE("a byte changed anywhere in a file never passes unnoticed as a lost or changed record") {
  constexpr std::size_t kRecords = 30;
  constexpr std::size_t kStep = 41;  // with 1 it takes a minute and finds the same
  const TempDirectory directory;
  const FixedClock clock;
  const SqliteOptions options = options_in(directory / "journal");
  const auto file = make_journal(options, kRecords, 50);
  const std::string good = file_bytes(file);
  for (std::size_t at = 0; at < good.size(); at += kStep) {
    for (const auto& segment : segments_in(options.directory)) std::filesystem::remove(segment);
    write_file(file, good);
    change_byte(file, at);
    const auto journal = open_sqlite_journal(options, clock);
    if (!journal) continue;  // it said so
    const Batch all = read_all(**journal, {}, 10);
    for (const Entry& entry : all.entries)
      REQUIRE(entry.record.body ==
              "needle-" + std::to_string(entry.record.id.sequence) + "." + std::string(50, 'x'));
    INFO("byte " << at);
    REQUIRE((all.entries.size() == kRecords || !all.damaged.empty()));
  }
}

}  // namespace tocsin::journal::testing
