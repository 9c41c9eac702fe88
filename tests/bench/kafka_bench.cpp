// How many durable appends a second the Kafka journal takes, and how long after the answer a record
// is read back, which every turn waits for.
//
//   kafka_bench BROKERS [SECONDS]    as deploy/kafka start prints them; makes a topic there
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "connectors/journals/kafka_journal.hpp"

namespace {

using namespace tocsin;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kBodyBytes = 600 - kRecordHeaderBytes;
constexpr int kReadBacks = 500;

void print(const std::string& what, std::vector<double> waits_ms, double seconds) {
  std::sort(waits_ms.begin(), waits_ms.end());
  const std::size_t last = waits_ms.size() - 1;
  std::printf("%-28s %9.0f/s   median %6.2f  p99 %6.2f  worst %7.2f ms\n", what.c_str(),
              static_cast<double>(waits_ms.size()) / seconds, waits_ms[last / 2],
              waits_ms[last * 99 / 100], waits_ms[last]);
}

double ms_since(Steady::time_point begin) {
  return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
}

Record record_of(std::uint64_t boot, Partition partition, std::uint64_t sequence) {
  static const std::string noise = [] {
    std::mt19937 random(1);
    std::string text(1 << 16, ' ');
    for (char& c : text) c = static_cast<char>('a' + random() % 16);
    return text;
  }();
  return {RecordKind::alerts,
          {boot, partition, sequence},
          {},
          0,
          noise.substr(sequence * 97 % 60'000, kBodyBytes)};
}

bool append(journal::Journal& journal, Partition partition, Record record) {
  std::promise<bool> answer;
  journal.append(partition, {std::move(record)},
                 [&](const journal::Appended& done) { answer.set_value(done.durable()); });
  return answer.get_future().get();
}

/// Each appender waits for its answer before it appends again.
void measure_appends(journal::Journal& journal, unsigned appenders, int seconds) {
  std::vector<std::vector<double>> waits(appenders);
  const auto end = Steady::now() + std::chrono::seconds(seconds);
  {
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < appenders; ++t)
      threads.emplace_back([&, t] {
        const auto partition = static_cast<Partition>(t % journal.partitions());
        for (std::uint64_t i = 1; Steady::now() < end; ++i) {
          const auto begin = Steady::now();
          if (!append(journal, partition, record_of(t, partition, i))) std::abort();
          waits[t].push_back(ms_since(begin));
        }
      });
  }
  std::vector<double> all;
  for (const auto& each : waits) all.insert(all.end(), each.begin(), each.end());
  print(std::to_string(appenders) + " appenders", std::move(all), seconds);
}

std::size_t read_everything(journal::Journal& journal, journal::Cursor& cursor) {
  for (std::size_t records = 0;;) {
    const auto batch = journal.read(cursor, 1000);
    if (!batch) std::abort();
    if (batch->entries.empty()) return records;
    records += batch->entries.size();
  }
}

/// From the append to where a reader has the record.
void measure_read_back(journal::Journal& journal, journal::Cursor& cursor) {
  std::vector<double> waits;
  const auto all = Steady::now();
  for (std::uint64_t i = 1; i <= kReadBacks; ++i) {
    const auto begin = Steady::now();
    if (!append(journal, 3, record_of(99, 3, i))) std::abort();
    if (read_everything(journal, cursor) != 1) std::abort();
    waits.push_back(ms_since(begin));
  }
  print("append and read back", std::move(waits), ms_since(all) / 1000);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: kafka_bench BROKERS [SECONDS]\n");
    return 2;
  }
  const SystemClock clock;
  journal::KafkaOptions options;
  options.brokers = argv[1];
  options.topic = "tocsin-bench-" + std::to_string(std::random_device()());
  options.make_identity = [] { return std::to_string(std::random_device()()); };
  options.log = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
  const auto before = Steady::now();
  auto opened = journal::open_kafka_journal(options, clock);
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    return 1;
  }
  std::printf("topic made and opened in %.0f ms\n", ms_since(before));
  for (const unsigned appenders : {1U, 16U, 64U, 256U})
    measure_appends(**opened, appenders, argc > 2 ? std::atoi(argv[2]) : 5);
  journal::Cursor cursor;
  const auto begin = Steady::now();
  const std::size_t records = read_everything(**opened, cursor);
  std::printf("%-28s %9.0f/s\n", "read from the beginning",
              static_cast<double>(records) * 1000 / ms_since(begin));
  measure_read_back(**opened, cursor);
  return 0;
}
