#include <cstdlib>

#include "router/settings/expansion.hpp"
#include "tests/settings/world.hpp"
#include "tests/source_dir.hpp"

using namespace tocsin;
using namespace tocsin::settings;

TEST_CASE("variables and files are filled in and a doubled dollar keeps its text") {
  const auto filled = [](const char* written) { return expand(written, environment()).text; };
  CHECK(filled("plain $text {}") == "plain $text {}");
  CHECK(filled("${KEY_A}") == "aaaa-0123456789abcdef");
  CHECK(filled("<${SHORT}${WORD}>") == "<hunter2s3cr3t-word>");
  CHECK(filled("${file:/run/key}") == "file-0123456789abcdef");
  CHECK(filled("$${KEY_A}") == "${KEY_A}");
  CHECK(filled("$$${KEY_A}") == "$${KEY_A}");
  CHECK(filled("$") == "$");
}

TEST_CASE("what is filled in is not filled in again") {
  Environment nested;
  nested.variable = [](const std::string& name) -> std::optional<std::string> {
    if (name == "OUTER") return "${INNER}";
    return "inner";
  };
  CHECK(expand("${OUTER}", nested).text == "${INNER}");
}

TEST_CASE("keys and fields take variables and files and quoted text only") {
  const Loaded loaded = load_service(
      "integrations: [{name: prom, source: prometheus, keys: [\"${KEY_B}\", "
      "\"${file:/run/key}\"]}]\n"
      "channels: [{name: terminal, type: webhook, url: 'http://127.0.0.1/${WORD}?a=$${b}'}]\n");
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->integrations[0].keys ==
        std::vector<std::string>{"bbbb-0123456789abcdef", "file-0123456789abcdef"});
  CHECK(loaded.settings->channels.at("terminal").get("url") ==
        "http://127.0.0.1/s3cr3t-word?a=${b}");
}

TEST_CASE(
    "an unset variable is only noted where that is asked for and stands in no other check's way") {
  const std::string written =
      "server:\n"
      "  listen: \"${UNSET_1}\"\n"
      "  external_url: \"${UNSET_2}\"\n"
      "  secret: \"${UNSET_3}\"\n"
      "  tokens: [{name: ops, role: admin, token: \"${UNSET_4}\"}]\n"
      "journal: {path: \"${UNSET_5}\"}\n"
      "integrations: [{name: prom, source: prometheus, key: \"${UNSET_6}\", labels: {a: "
      "\"${UNSET_7}\"}}]\n"
      "channels: [{name: terminal, type: webhook, url: \"${UNSET_8}\", secret: "
      "\"${file:/none}\"}]\n"
      "people: [{name: ada, contacts: {terminal: \"${UNSET_9}\"}, notify: [{channel: terminal, "
      "after: "
      "\"${UNSET_10}\"}]}]\n"
      "rules: [{name: r, matchers: ['a=\"${UNSET_11}\"'], impact: \"${UNSET_12}\"}]\n";
  const Loaded checked = load_service(written, Unset::note);
  CHECK(texts(checked.faults).empty());
  REQUIRE(checked.settings);
  CHECK(checked.notes.size() == 13);
  CHECK(
      texts(checked.notes).front() ==
      "tocsin.yaml:2:11: server.listen: the environment variable UNSET_1 is not set; set it before "
      "tocsin starts");
  CHECK(checked.settings->server.listen == "127.0.0.1:8321");
  CHECK(checked.settings->channels.at("terminal").get("url") == "https://unset.invalid/");
  CHECK(checked.settings->channels.at("terminal").get("secret").starts_with("whsec_"));

  const Loaded served = load_service(written, Unset::fault);
  CHECK_FALSE(served.settings);
  CHECK(texts(served.faults) == texts(checked.notes));
  CHECK(served.notes.empty());
}

TEST_CASE("a variable without braces is noted and never shown") {
  const auto said = [](const std::string& written) {
    const Loaded loaded = load_service("rules: [{name: a, impact: " + written + "}]\n");
    CHECK(loaded.settings.has_value());
    return texts(loaded.notes);
  };
  const std::vector<std::string> noted{
      "tocsin.yaml:1:27: rules[0].impact: a $ without braces is no variable, and stays as it is "
      "written; did you mean \"${NAME}\", in quotes?"};
  for (const char* written : {"$IMPACT", "\"$IMPACT\"", "\"$impact\"", "$_x1", "\"in $REGION now\"",
                              "\"http://$HOST/\""}) {
    INFO(written);
    CHECK(said(written) == noted);
  }
  for (const char* written : {"\"costs $5\"", "\"$\"", "\"US$ 20\"", "\"in $EU now\"",
                              "\"$${NAME}\"", "\"x$abc\"", "\"$1A\""}) {
    INFO(written);
    CHECK(said(written).empty());
  }
  // A key that is written out may begin with a $.
  const Loaded loaded = load_service(
      "integrations: [{name: a, source: prometheus, key: \"$hunter2hunter2hunter2\"}]\n");
  REQUIRE(loaded.notes.size() == 1);
  CHECK(loaded.notes[0].text().find("hunter2") == std::string::npos);
}

TEST_CASE("two integrations with the same unset key share a key all the same") {
  const Loaded loaded = load_service(
      "integrations:\n"
      "  - {name: a, source: prometheus, key: \"${UNSET}\"}\n"
      "  - {name: b, source: prometheus, key: \"${UNSET}\"}\n",
      Unset::note);
  CHECK(
      texts(loaded.faults) ==
      std::vector<std::string>{
          R"(tocsin.yaml:3:40: integrations[1].key: the same key as integration "a"; a key alone says who sends, so give each its own)"});
}

TEST_CASE("the process's environment has its variables and small plain files") {
  const Environment all = process_environment();
  REQUIRE(::setenv("TOCSIN_TEST_VARIABLE", "here", 1) == 0);
  CHECK(all.variable("TOCSIN_TEST_VARIABLE") == "here");
  CHECK_FALSE(all.variable("TOCSIN_TEST_VARIABLE_THAT_IS_NOT_SET"));
  const auto file = all.file(tocsin::tests::source_dir() + "/config/tocsin.yaml");
  REQUIRE(file);
  CHECK(file->find("integrations:") != std::string::npos);
  CHECK(all.file("/nowhere/key").error().message ==
        "/nowhere/key: no such file; create it, or mend the path");
  CHECK(all.file("/dev/zero").error().message ==
        "/dev/zero: not a plain file; create it, or mend the path");
}
