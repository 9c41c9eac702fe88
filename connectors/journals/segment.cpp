#include "connectors/journals/segment.hpp"

#include <algorithm>
#include <charconv>

#include "connectors/sqlite/files.hpp"

namespace tocsin::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "segment-";
constexpr std::string_view kSuffix = ".db";
constexpr std::string_view kUnfinished = ".new";
constexpr std::size_t kDigits = 16;
constexpr std::int64_t kApplicationId = 0x746f6373;  // "tocs", for file(1)
constexpr std::int64_t kFormat = 1;

// 4096-byte pages: a commit writes each page that it touched to the WAL, and small commits are the
// frequent ones.
constexpr const char* kSchema = R"(
  PRAGMA page_size = 4096;
  PRAGMA journal_mode = MEMORY;
  PRAGMA synchronous = FULL;
  BEGIN;
  PRAGMA application_id = 1953457011;
  PRAGMA user_version = 1;
  CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE batches(position INTEGER PRIMARY KEY, partition INTEGER NOT NULL,
                       count INTEGER NOT NULL, follows INTEGER NOT NULL,
                       seal INTEGER NOT NULL, records BLOB NOT NULL);)";

std::optional<Position> position_in(const std::string& name) {
  if (name.size() != kPrefix.size() + kDigits + kSuffix.size() || !name.starts_with(kPrefix) ||
      !name.ends_with(kSuffix))
    return std::nullopt;
  Position first = 0;
  const char* const begin = name.data() + kPrefix.size();
  const auto [end, problem] = std::from_chars(begin, begin + kDigits, first);
  if (problem != std::errc() || end != begin + kDigits) return std::nullopt;
  return first;
}

// A WAL without its database would be taken for that of a later segment of the same name.
bool is_left_over(const fs::path& path) {
  const std::string name = path.filename();
  if (!name.starts_with(kPrefix)) return false;
  if (name.find(kUnfinished) != std::string::npos) return true;
  for (const std::string_view tail : {"-wal", "-shm", "-journal"})
    if (name.ends_with(tail)) {
      std::error_code problem;
      const std::string database = path.string().substr(0, path.string().size() - tail.size());
      return !fs::exists(database, problem) && !problem;
    }
  return false;
}

Status put_meta(sqlite::Database& database, const SegmentMeta& meta) {
  TOCSIN_TRY(sqlite::Statement put, database.prepare("INSERT INTO meta VALUES(?1, ?2)"));
  TOCSIN_TRY([[maybe_unused]] Unit text,
             put.bind_text(1, "identity").bind_text(2, meta.identity).run());
  const std::pair<std::string_view, std::int64_t> numbers[] = {
      {"partitions", meta.partitions},
      {"first", static_cast<std::int64_t>(meta.first)},
      {"follows", static_cast<std::int64_t>(meta.follows)},
      {"made_at", meta.made_at.time_since_epoch().count()}};
  for (const auto& [name, value] : numbers) {
    TOCSIN_TRY([[maybe_unused]] Unit number, put.bind_text(1, name).bind(2, value).run());
  }
  return ok();
}

Status write_segment(const std::string& path, const SegmentMeta& meta, const std::string& vfs) {
  TOCSIN_TRY(sqlite::Database database,
             sqlite::Database::open(path, sqlite::Database::Mode::create, vfs));
  TOCSIN_TRY([[maybe_unused]] Unit schema, database.run(kSchema));
  TOCSIN_TRY([[maybe_unused]] Unit put, put_meta(database, meta));
  TOCSIN_TRY([[maybe_unused]] Unit committed, database.run("COMMIT"));
  // Now, since a crash while a named segment changes its mode would leave a rollback journal to it.
  return database.use_wal();
}

}  // namespace

std::string segment_name(Position first) {
  const std::string digits = std::to_string(first);
  return std::string(kPrefix) + std::string(kDigits - std::min(kDigits, digits.size()), '0') +
         digits + std::string(kSuffix);
}

Result<std::vector<Segment>> find_segments(const fs::path& directory) {
  std::error_code problem;
  std::vector<fs::path> left_over;
  std::vector<Segment> segments;
  for (fs::directory_iterator at(directory, problem), end; !problem && at != end;
       at.increment(problem)) {
    if (const auto first = position_in(at->path().filename()))
      segments.push_back({*first, 0, at->path().string()});
    else if (is_left_over(at->path()))
      left_over.push_back(at->path());
  }
  if (problem)
    return unavailable("journal " + directory.string() + " cannot be listed: " + problem.message());
  for (const fs::path& path : left_over) fs::remove(path, problem);
  std::sort(segments.begin(), segments.end(),
            [](const Segment& a, const Segment& b) { return a.first < b.first; });
  return segments;
}

Result<SegmentMeta> load_meta(sqlite::Database& database) {
  TOCSIN_TRY(const std::int64_t application, database.number("PRAGMA application_id"));
  if (application != kApplicationId) return corrupt("it is no segment of a journal");
  TOCSIN_TRY(const std::int64_t format, database.number("PRAGMA user_version"));
  if (format != kFormat)
    return invalid("its format is " + std::to_string(format) + " and this tocsin knows " +
                   std::to_string(kFormat) + ": start the newer tocsin that wrote it");
  TOCSIN_TRY(sqlite::Statement get, database.prepare("SELECT value FROM meta WHERE name = ?1"));
  const auto number = [&get](std::string_view name) -> Result<std::int64_t> {
    get.reset();
    TOCSIN_TRY(const bool row, get.bind_text(1, name).step());
    if (!row) return corrupt("its meta has no " + std::string(name));
    return get.number(0);
  };
  SegmentMeta meta;
  TOCSIN_TRY(const bool row, get.bind_text(1, "identity").step());
  if (!row) return corrupt("its meta has no identity");
  meta.identity = std::string(get.bytes(0));
  TOCSIN_TRY(const std::int64_t partitions, number("partitions"));
  TOCSIN_TRY(const std::int64_t first, number("first"));
  TOCSIN_TRY(const std::int64_t follows, number("follows"));
  TOCSIN_TRY(const std::int64_t made_at, number("made_at"));
  meta.partitions = static_cast<Partition>(partitions);
  meta.first = static_cast<Position>(first);
  meta.follows = static_cast<Position>(follows);
  meta.made_at = WallTime(Duration(made_at));
  return meta;
}

Result<Segment> make_segment(const fs::path& directory, const SegmentMeta& meta,
                             const std::string& vfs) {
  const std::string path = directory / segment_name(meta.first);
  const std::string unfinished = path + std::string(kUnfinished);
  std::error_code problem;
  fs::remove(unfinished, problem);
  Status written = write_segment(unfinished, meta, vfs);
  if (written) {
    fs::rename(unfinished, path, problem);
    written = problem ? Status(unavailable(path + " cannot be named: " + problem.message()))
                      : sqlite::sync_directory(directory);
  }
  if (!written) {
    fs::remove(unfinished, problem);
    fs::remove(path, problem);
    return std::move(written).error();
  }
  return Segment{meta.first, meta.follows, path, meta.made_at};
}

// The database goes first: what a crash leaves beside it is then left over, and find_segments
// removes it.
void remove_segment(const Segment& segment) {
  std::error_code problem;
  for (const char* tail : {"", "-wal", "-shm"})
    std::filesystem::remove(segment.path + tail, problem);
}

// The database's name is gone for good before its WAL goes: without one, a database that came back
// would lack what was only there, and that would be called damage.
Status drop_segment(const Segment& segment) {
  std::error_code problem;
  fs::remove(segment.path, problem);
  if (problem)
    return unavailable("journal segment " + segment.path +
                       " cannot be removed: " + problem.message());
  TOCSIN_TRY([[maybe_unused]] Unit durable,
             sqlite::sync_directory(fs::path(segment.path).parent_path()));
  remove_segment(segment);
  return ok();
}

}  // namespace tocsin::journal
