// How many durable appends a second the SQLite journal takes, beside one fsync for each append.
//
//   journal_bench DIRECTORY [SECONDS]    on the disk that is meant; the directory must be new
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "connectors/journals/sqlite_journal.hpp"

namespace {

using namespace tocsin;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kBodyBytes = 600 - kRecordHeaderBytes;

struct Figures {
  double a_second = 0;
  double median_ms = 0;
  double p99_ms = 0;
  double worst_ms = 0;
};

Figures figures_of(std::vector<double> waits_ms, double seconds) {
  if (waits_ms.empty()) return {};
  std::sort(waits_ms.begin(), waits_ms.end());
  const std::size_t last = waits_ms.size() - 1;
  return {static_cast<double>(waits_ms.size()) / seconds, waits_ms[last / 2],
          waits_ms[last * 99 / 100], waits_ms[last]};
}

double ms_since(Steady::time_point begin) {
  return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
}

/// Each appender waits for its answer before it appends again.
Figures measure(journal::Journal& journal, unsigned appenders, int seconds) {
  std::vector<std::vector<double>> waits(appenders);
  const auto end = Steady::now() + std::chrono::seconds(seconds);
  {
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < appenders; ++t)
      threads.emplace_back([&, t] {
        const auto partition = static_cast<Partition>(t % journal.partitions());
        for (std::uint64_t i = 1; Steady::now() < end; ++i) {
          std::promise<bool> answer;
          const auto begin = Steady::now();
          journal.append(
              partition,
              {{RecordKind::alerts, {t, partition, i}, {}, 0, std::string(kBodyBytes, 'x')}},
              [&](const journal::Appended& done) { answer.set_value(done.durable()); });
          if (!answer.get_future().get()) std::abort();
          waits[t].push_back(ms_since(begin));
        }
      });
  }
  std::vector<double> all;
  for (const auto& each : waits) all.insert(all.end(), each.begin(), each.end());
  return figures_of(std::move(all), seconds);
}

/// What the disk gives to one writer that makes each append durable by itself.
Figures measure_plain(const std::string& path, int seconds) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const std::string bytes(kBodyBytes + kRecordHeaderBytes, 'x');
  std::vector<double> waits;
  for (const auto end = Steady::now() + std::chrono::seconds(seconds); Steady::now() < end;) {
    const auto begin = Steady::now();
    if (::write(file, bytes.data(), bytes.size()) < 0 || ::fdatasync(file) != 0) std::abort();
    waits.push_back(ms_since(begin));
  }
  ::close(file);
  return figures_of(std::move(waits), seconds);
}

void print(const char* what, const Figures& figures, double plain) {
  std::printf("%-28s %9.0f/s  x%5.1f   median %6.2f  p99 %6.2f  worst %7.2f ms\n", what,
              figures.a_second, figures.a_second / plain, figures.median_ms, figures.p99_ms,
              figures.worst_ms);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: journal_bench DIRECTORY [SECONDS]\n");
    return 2;
  }
  const int seconds = argc > 2 ? std::atoi(argv[2]) : 5;
  const SystemClock clock;
  journal::SqliteOptions options;
  options.directory = argv[1];
  options.make_identity = [] { return std::string("bench"); };
  auto opened = journal::open_sqlite_journal(options, clock);
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    return 1;
  }
  const Figures plain = measure_plain(options.directory / "plain", seconds);
  print("one fdatasync an append", plain, plain.a_second);
  for (const unsigned appenders : {1U, 16U, 64U, 256U})
    print((std::to_string(appenders) + " appenders").c_str(), measure(**opened, appenders, seconds),
          plain.a_second);
  return 0;
}
