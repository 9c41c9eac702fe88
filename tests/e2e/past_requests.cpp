// Requests that a node of the cluster took in the past, written into its journal as that node would
// have written them. For kafka_backlog_test.py.
//
//   past_requests CONFIG_DIRECTORY KEY <lines     a line: "SECONDS BODY", so many seconds ago
//                                                 exit 0: every one is durable
#include <atomic>
#include <cstdio>
#include <iostream>
#include <string>

#include "router/checked_configuration.hpp"
#include "router/configuration.hpp"
#include "router/data_directory.hpp"
#include "router/journals.hpp"

using namespace tocsin;

namespace {

struct Deaf final : ingest::IngestEvents {};

// Closing the journal waits for the answers that are under way.
int write(std::unique_ptr<journal::Journal> journal, const settings::Settings& settings,
          const Clock& clock, const std::string& key) {
  std::atomic<int> failed = 0;
  Deaf deaf;
  Mint mint(random_number(), journal->partitions());
  ingest::Ingest ingest(*journal, clock, mint, deaf);
  ingest.replace(make_integrations(settings));
  const std::uint64_t another_machine = random_number();  // whose steady clock means nothing here
  long seconds = 0;
  for (std::string body; std::cin >> seconds && std::getline(std::cin, body);) {
    HttpRequest request;
    request.method = "POST";
    request.received = {clock.now().wall - std::chrono::seconds(seconds), another_machine, {}};
    request.headers = {{"x-tocsin-key", key}};
    request.body = body;
    ingest.take(request, {}, [&failed](const HttpResponse& answer) {
      if (answer.status == 200) return;
      failed = 1;
      std::fprintf(stderr, "answered %d: %s\n", answer.status, answer.body.c_str());
    });
  }
  journal.reset();
  return failed;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  CheckedConfiguration checked = check_configuration(argv[1], settings::Unset::fault);
  print_faults(checked.faults);
  if (!checked.settings) return 1;
  checked.settings->journal.kafka.patience = std::chrono::minutes(1);  // here no sender waits
  const SystemClock clock;
  auto journal = open_kafka(checked.settings->journal, clock,
                            {[](const std::string&) {}, [](const std::vector<std::string>&) {}});
  if (journal) return write(std::move(*journal), *checked.settings, clock, argv[2]);
  std::fprintf(stderr, "%s\n", journal.error().message.c_str());
  return 1;
}
