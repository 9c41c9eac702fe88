// The walls of the house: which room may look into which, and what no room but one may touch. The
// links in CMakeLists.txt say the same; these tests also see headers.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/source_dir.hpp"

namespace fs = std::filesystem;

namespace {

const fs::path kRoot = tocsin::tests::source_dir();

struct Source {
  std::string path;  // from the root
  std::string text;
};

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool is_code(const fs::path& path) {
  return path.extension() == ".cpp" || path.extension() == ".hpp";
}

// All C++ files below these folders. `deep` looks into their folders too.
std::vector<Source> sources(const std::vector<std::string>& folders, bool deep = true) {
  std::vector<Source> found;
  const auto add = [&](const fs::directory_entry& entry) {
    if (entry.is_regular_file() && is_code(entry.path()))
      found.push_back({fs::relative(entry.path(), kRoot).string(), content(entry.path())});
  };
  for (const std::string& folder : folders) {
    if (deep)
      std::for_each(fs::recursive_directory_iterator(kRoot / folder),
                    fs::recursive_directory_iterator(), add);
    else
      std::for_each(fs::directory_iterator(kRoot / folder), fs::directory_iterator(), add);
  }
  REQUIRE_FALSE(found.empty());
  return found;
}

void none_matches(const std::vector<Source>& files, const std::string& pattern,
                  const std::set<std::string>& but = {}) {
  const std::regex expression(pattern);
  for (const Source& file : files) {
    if (but.contains(file.path)) continue;
    std::istringstream lines(file.text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number)
      if (std::regex_search(line, expression))
        FAIL_CHECK(file.path << ":" << number << ": " << line);
  }
}

}  // namespace

TEST_CASE("rules and the engine's thinking include no clock or thread or file or log header") {
  auto pure = sources({"rules"});
  for (const char* room : {"router/engine", "router/oncall"}) {
    const auto more = sources({room}, false);
    pure.insert(pure.end(), more.begin(), more.end());
  }
  none_matches(
      pure,
      R"(#include\s+([<"](thread|mutex|shared_mutex|condition_variable|atomic|future|fstream|iostream|filesystem|ctime|time\.h|unistd\.h|spdlog/.*|nlohmann/.*|curl/.*|sqlite3\.h|httplib\.h)[>"]|"router/core/(clock|http)\.hpp"))");
}

TEST_CASE("rules see only the core, and connectors never meet rules or the engine") {
  none_matches(sources({"rules"}), R"(#include\s+"(connectors/|router/(?!core/)))");
  none_matches(sources({"connectors"}), R"(#include\s+"(rules/|router/(?!core/|journal/|store/)))");
  none_matches(sources({"router/spool"}),
               R"(#include\s+"(rules/|connectors/|router/(?!core/|journal/|disk/|spool/)))");
  none_matches(
      sources({"router/island"}),
      R"(#include\s+"(rules/|connectors/|router/(?!core/|journal/|disk/|spool/|engine/|island/)))");
  none_matches(sources({"router/disk"}),
               R"(#include\s+"(rules/|connectors/|router/(?!core/|disk/)))");
  none_matches(sources({"router/core"}), R"(#include\s+"(rules/|connectors/|router/(?!core/)))");
  none_matches(sources({"router/engine", "router/oncall"}),
               R"(#include\s+"(connectors/|router/(ingest|delivery|api|settings)/))");
  none_matches(sources({"router/ingest", "router/delivery", "router/api", "router/settings",
                        "router/offline"}),
               R"(#include\s+"connectors/(sources|channels|hooks|journals|stores|sqlite|wire)/)");
}

TEST_CASE("nothing but one function hands a message to a channel or calls a hook") {
  none_matches(sources({"router"}), R"(deliver\(|hook_?(\.|->)run\()",
               {"router/delivery/letter.cpp"});
}

TEST_CASE("only the clock's own file reads a clock") {
  none_matches(sources({"router", "rules", "connectors"}),
               R"(_clock::now|clock_gettime|gettimeofday|std::time\(|time\(nullptr\))",
               {"router/core/clock.cpp"});
}

TEST_CASE("the headers of libraries stay in cpp files") {
  std::vector<Source> headers = sources({"router", "rules", "connectors"});
  std::erase_if(headers, [](const Source& file) { return !file.path.ends_with(".hpp"); });
  none_matches(
      headers,
      R"(#include\s+<(spdlog|nlohmann|curl|sqlite3|httplib|yaml-cpp|re2|absl|prometheus|openssl|cbor|isa-l|zlib|CLI)\b)");
}

TEST_CASE("no test of the simulated world sleeps") {
  std::vector<Source> tests = sources({"tests"});
  std::erase_if(tests, [](const Source& file) {
    return file.path.starts_with("tests/e2e") || file.path.starts_with("tests/bench") ||
           file.path.starts_with("tests/faults") || file.path.starts_with("tests/house");
  });
  none_matches(tests, R"(sleep_for|sleep_until|usleep\(|\bsleep\()");
}

TEST_CASE("a file is one idea and no longer than four hundred lines") {
  for (const Source& file : sources({"router", "rules", "connectors", "tests"})) {
    INFO(file.path);
    CHECK(std::count(file.text.begin(), file.text.end(), '\n') <= 400);
  }
}

TEST_CASE("every header opens with what it is") {
  for (const Source& file : sources({"router", "rules", "connectors"}))
    if (file.path.ends_with(".hpp")) {
      INFO(file.path);
      CHECK(file.text.starts_with("//"));
      CHECK(file.text.find("#pragma once") != std::string::npos);
    }
}

TEST_CASE("the product has no unfinished corners marked in it") {
  none_matches(sources({"router", "rules", "connectors"}), R"(TODO|FIXME|XXX)");
}

TEST_CASE("test names can be run by their name") {
  // ctest and Catch2 read [ ; , \ and a leading ~ as something else, and would run nothing or
  // everything.
  const std::regex name(R"re(TEST_CASE\(\s*"((?:[^"\\]|\\.)*)")re");
  std::set<std::string> seen;
  for (const Source& file : sources({"tests"})) {
    for (std::sregex_iterator it(file.text.begin(), file.text.end(), name), end; it != end; ++it) {
      const std::string found = (*it)[1];
      INFO(file.path << ": " << found);
      CHECK(found.find_first_of("[];\\") == std::string::npos);
      CHECK_FALSE(found.starts_with("~"));
      CHECK(seen.insert(file.path.substr(0, file.path.rfind('/')) + ":" + found).second);
    }
  }
}

TEST_CASE("only what belongs there stands at the top") {
  const std::set<std::string> known{"CMakeLists.txt", "CMakePresets.json",
                                    "README.md",      "router",
                                    "connectors",     "rules",
                                    "tests",          "config",
                                    "deploy"};
  // What builds and runs make is not the house's.
  const std::set<std::string> made{"build",         "build-asan", "build-tsan", "build-fuzz",
                                   "build-release", "build-tidy", "data"};
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    CHECK((name.starts_with(".") || known.contains(name) || made.contains(name)));
  }
}

TEST_CASE("the table of rooms in the README and the folders are the same") {
  const std::string readme = content(kRoot / "README.md");
  for (const char* parent : {"router", "connectors"})
    for (const auto& entry : fs::directory_iterator(kRoot / parent)) {
      if (!entry.is_directory()) continue;
      const std::string room = std::string(parent) + "/" + entry.path().filename().string() + "/";
      INFO(room);
      CHECK(readme.find("`" + room + "`") != std::string::npos);
    }
  const std::regex named(R"(`((?:router|connectors|tests|rules|config|deploy)/(?:[a-z0-9_]+/)?)`)");
  for (std::sregex_iterator it(readme.begin(), readme.end(), named), end; it != end; ++it) {
    INFO((*it)[1]);
    CHECK(fs::is_directory(kRoot / (*it)[1].str()));
  }
}
