// In the normal build, without a fuzzer: every seed, every kept input and every input that ever
// broke something, through the same targets.
#include <filesystem>
#include <set>

#include "tests/catch.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/source_dir.hpp"

using namespace tocsin::fuzz;

namespace {

void survives(const Target& target, const std::string& input, const std::string& name) {
  INFO(target.name << ": " << name);
  CHECK_NOTHROW(target.run(input));
}

void replay(const std::string& folder) {
  for (const Target& target : targets())
    for (const std::string& file : files_in("tests/fuzz/" + folder + "/" + target.name))
      survives(target, file_of("tests/fuzz/" + folder + "/" + target.name + "/" + file), file);
}

void nothing(std::string_view) { PROMISE(1 + 1 == 3, "a \x1b detail"); }

}  // namespace

TEST_CASE("no input that ever broke a promise breaks one again") { replay("regressions"); }

TEST_CASE("every input of the fuzzers' corpus is survived") { replay("corpus"); }

TEST_CASE("every example of the repository is survived by its fuzz target") {
  for (const Target& target : targets()) {
    const auto seeds = target.seeds();
    INFO(target.name);
    CHECK_FALSE(seeds.empty());
    for (std::size_t i = 0; i < seeds.size(); ++i)
      survives(target, seeds[i], "seed " + std::to_string(i));
    survives(target, "", "nothing at all");
  }
}

TEST_CASE("an example that is cut or has one byte changed is survived by its fuzz target") {
  for (const Target& target : targets())
    for (const std::string& seed : target.seeds()) {
      const std::size_t step = std::max<std::size_t>(1, seed.size() / 8);
      for (std::size_t at = 1; at < seed.size(); at += step) {
        survives(target, seed.substr(0, at), "cut");
        for (const char other : {'\0', '\xff', '\n', '"'}) {
          std::string changed = seed;
          changed[at] = other;
          survives(target, changed, "changed");
        }
      }
    }
}

TEST_CASE("a promise that does not hold is told with its place") {
  const Target target{"nothing", nothing, nullptr};
  CHECK_THROWS_WITH(target.run(""), Catch::Matchers::Contains("replay_test.cpp") &&
                                        Catch::Matchers::Contains("1 + 1 == 3"));
}

TEST_CASE("each folder of the corpus and of the regressions is of a target") {
  std::set<std::string> names;
  for (const Target& target : targets()) CHECK(names.insert(target.name).second);
  for (const char* folder : {"corpus", "regressions"}) {
    const auto path = std::filesystem::path(tocsin::tests::source_dir()) / "tests/fuzz" / folder;
    if (!std::filesystem::exists(path)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      INFO(entry.path());
      CHECK(names.contains(entry.path().filename().string()));
    }
  }
}
