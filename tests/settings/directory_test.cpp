#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "connectors/channel.hpp"
#include "connectors/source.hpp"
#include "router/settings/report.hpp"
#include "router/settings/settings.hpp"
#include "tests/catch.hpp"
#include "tests/source_dir.hpp"

namespace fs = std::filesystem;
using namespace tocsin;
using namespace tocsin::settings;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "tocsin-settings-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  const fs::path& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }
  std::string error() const {
    const auto files = read_directory(path_.string());
    REQUIRE_FALSE(files);
    const std::string& message = files.error().message;
    return message.starts_with(path_.string()) ? message.substr(path_.string().size()) : message;
  }

 private:
  fs::path path_;
};

std::vector<std::string> names_of(const std::vector<File>& files) {
  std::vector<std::string> names;
  for (const File& file : files) names.push_back(file.name);
  return names;
}

Vocabulary built_in() {
  Vocabulary words;
  for (const auto* source : connectors::all_sources())
    words.sources[std::string(source->name)].group_by.assign(source->group_by.begin(),
                                                             source->group_by.end());
  for (const auto* channel : connectors::all_channels())
    words.channels[std::string(channel->name)] = {{channel->fields.begin(), channel->fields.end()},
                                                  channel->needs_address};
  words.hooks["webhook"] = {{{"url", true, false, "where to post"}}};
  return words;
}

}  // namespace

TEST_CASE(
    "tocsin.yaml comes first and the teams by their names and nothing that is not configuration") {
  const Folder folder;
  folder.write("tocsin.yaml", "one");
  folder.write("teams/b.yaml", "two");
  folder.write("teams/a.yaml", "three");
  folder.write("teams/a_test.yaml", "not read");
  folder.write("teams/.#b.yaml", "not read");
  folder.write("teams/notes.txt", "not read");
  folder.write("teams/c.yml", "not read");
  folder.write("teams/more/d.yaml", "not read");
  folder.write("teams/more/d_test.yaml", "not read");
  folder.write("teams/..data/a.yaml", "not read");
  folder.write("more/e.yaml", "not read");
  folder.write("rules_test.yaml", "not read");
  folder.write("more.yaml", "not read");
  const auto files = read_directory(folder.path().string());
  REQUIRE(files);
  CHECK(names_of(*files) == std::vector<std::string>{"tocsin.yaml", "teams/a.yaml", "teams/b.yaml",
                                                     "teams/c.yml", "teams/more/d.yaml",
                                                     "more.yaml"});
  CHECK(((*files)[0].text == "one" && (*files)[1].text == "three"));
  for (std::size_t i = 3; i < files->size(); ++i) CHECK((*files)[i].text.empty());
}

TEST_CASE("a configuration may be made of symbolic links") {
  const Folder folder;
  folder.write("real/service", "one");
  folder.write("real/teams/a.yaml", "two");
  fs::create_symlink("real/service", folder.path() / "tocsin.yaml");
  fs::create_directory_symlink("real/teams", folder.path() / "teams");
  const auto files = read_directory(folder.path().string());
  REQUIRE(files);
  CHECK((*files)[0].text == "one");
  CHECK((*files)[1].text == "two");
}

TEST_CASE("a directory that cannot be a configuration is told with what to do") {
  CHECK(read_directory("/nowhere/config").error().message ==
        "/nowhere/config: no such directory; give --config the directory that has tocsin.yaml");
  CHECK(read_directory("/dev/null").error().message ==
        "/dev/null: not a directory; give --config the directory that has tocsin.yaml");
  const Folder folder;
  CHECK(folder.error() == "/tocsin.yaml: no such file; write one, or mend --config");
  fs::create_symlink("gone", folder.path() / "tocsin.yaml");
  CHECK(folder.error() == "/tocsin.yaml: no such file; write one, or mend --config");
}

TEST_CASE("a file that is too large or no plain file is not read") {
  const Folder folder;
  folder.write("tocsin.yaml", std::string(kMostFileBytes, 'x'));
  CHECK(read_directory(folder.path().string()));
  folder.write("teams/big.yaml", std::string(kMostFileBytes + 1, 'x'));
  CHECK(folder.error() == "/teams/big.yaml: larger than 1024 KiB; make it smaller");
  fs::remove(folder.path() / "teams/big.yaml");
  fs::create_directory(folder.path() / "teams/folder.yaml");
  CHECK(folder.error() == "/teams/folder.yaml: not a plain file; write one, or mend --config");
}

TEST_CASE("more bytes than any configuration has are not read") {
  const Folder folder;
  folder.write("tocsin.yaml", "");
  // Sparse, so that the test is quick.
  for (std::size_t i = 0; i <= kMostBytes / kMostFileBytes; ++i) {
    const std::string name = "teams/t" + std::to_string(i) + ".yaml";
    folder.write(name, "");
    fs::resize_file(folder.path() / name, kMostFileBytes);
  }
  CHECK(folder.error() == ": more than 64 MiB; remove some files");
}

TEST_CASE("the example in config needs two keys from the environment and nothing else") {
  const auto files = read_directory(tocsin::tests::source_dir() + "/config");
  REQUIRE(files);
  CHECK(names_of(*files) ==
        std::vector<std::string>{"tocsin.yaml", "teams/cdp.yaml", "teams/platform.yaml"});
  Environment two;
  two.variable = [](const std::string& name) -> std::optional<std::string> {
    if (name != "PROMETHEUS_KEY" && name != "STAGING_KEY") return std::nullopt;
    return name + "-0123456789abcdef";
  };
  two.file = [](const std::string& path) -> Result<std::string> {
    return invalid(path + " asked for");
  };
  const Loaded loaded = load(*files, built_in(), two, Unset::fault);
  for (const Fault& fault : loaded.faults) FAIL_CHECK(fault.text());
  for (const Fault& note : loaded.notes) FAIL_CHECK(note.text());
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->rules.size() == 5);
  REQUIRE(loaded.settings->rules[2].remedy);
  CHECK(loaded.settings->rules[2].remedy->hook == "restart-importer");
  CHECK(loaded.settings->hooks.size() == 1);
  CHECK(loaded.settings->windows.size() == 1);
  REQUIRE(loaded.settings->gamedays.size() == 1);
  CHECK(loaded.settings->gamedays.at("cdp-staging").page == "cdp-pilot");
  CHECK(loaded.settings->integrations[1].gamedays == std::vector<std::string>{"cdp-staging"});
  CHECK(loaded.settings->default_policy == "platform");
  CHECK(loaded.settings->directory.people.size() == 4);
  CHECK(loaded.settings->rotas.size() == 3);
}
