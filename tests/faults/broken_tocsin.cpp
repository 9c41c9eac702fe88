// `tocsin serve` with one mistake, which crash_points_test.py must see. TOCSIN_MISTAKE says which:
//   answers-before-write   an alert is answered, and written a moment later
//   answers-before-fsync   it is written and answered, and made durable a moment later
//   sends-before-durable   a page goes out, and the decision behind it is written a moment later
// Without the word it is right, only slower: what it is caught at is the mistake and nothing else.
#include <dlfcn.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "router/commands.hpp"
#include "router/journals.hpp"
#include "tests/faults/early_journal.hpp"

using namespace tocsin;

namespace {

constexpr auto kLater = std::chrono::milliseconds(30);

bool answers_before_fsync() {
  static const bool does = [] {
    const char* const word = std::getenv("TOCSIN_MISTAKE");
    return word != nullptr && std::string_view(word) == "answers-before-fsync";
  }();
  return does;
}

}  // namespace

// The one of the library, by the name that the linker gives it, and what is called in its place.
Result<OpenedJournal> right_journal(const settings::JournalSettings& settings,
                                    const DataDirectory& data, const Clock& clock,
                                    const JournalEars& ears) asm("__real_" TOCSIN_OPEN_JOURNAL);
Result<OpenedJournal> broken_journal(const settings::JournalSettings& settings,
                                     const DataDirectory& data, const Clock& clock,
                                     const JournalEars& ears) asm("__wrap_" TOCSIN_OPEN_JOURNAL);

Result<OpenedJournal> broken_journal(const settings::JournalSettings& settings,
                                     const DataDirectory& data, const Clock& clock,
                                     const JournalEars& ears) {
  TOCSIN_TRY(OpenedJournal opened, right_journal(settings, data, clock, ears));
  opened.journal =
      faults::make_early_journal(std::move(opened.journal), faults::mistake_of_this_process());
  return opened;
}

// SQLite asks for this one.
extern "C" int fdatasync(int file) {
  static auto* const right = reinterpret_cast<decltype(fdatasync)*>(dlsym(RTLD_NEXT, "fdatasync"));
  if (!answers_before_fsync()) return right(file);
  std::thread([copy = dup(file)] {
    std::this_thread::sleep_for(kLater);
    right(copy);
    close(copy);
  }).detach();
  return 0;
}

// As harness.py calls it: serve --config DIR --data DIR --listen HOST:PORT
int main(int argc, char** argv) {
  ServeOptions options;
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--config") options.config = argv[i + 1];
    if (name == "--data") options.data = argv[i + 1];
    if (name == "--listen") options.listen = argv[i + 1];
  }
  return commands::serve(options);
}
