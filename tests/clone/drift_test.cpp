#include "router/gameday/clone/drift.hpp"

#include "router/gameday/clone/clone.hpp"
#include "tests/catch.hpp"
#include "tests/clone/rules.hpp"

using namespace tocsin;
using namespace tocsin::gameday;
using namespace tocsin::tests;

namespace {

std::string clone_of(const std::vector<settings::File>& files) {
  CloneRequest request;
  request.files = files;
  request.set = "cdp";
  request.command = "tocsin";
  return make_clone(request).text;
}

std::vector<std::string> differences(const std::vector<settings::File>& files,
                                     const std::string& clone) {
  const Comparison comparison = compare(files, {"clone.yml", clone}, "cdp");
  CHECK(texts_of(comparison.faults).empty());
  std::vector<std::string> all;
  for (const Difference& each : comparison.differences)
    all.push_back(std::string(to_string(each.kind)) + " " + each.what.text());
  return all;
}
using All = std::vector<std::string>;

std::string numbered(int count, int changed) {
  std::string text = "groups:\n- name: many\n  rules:\n";
  for (int i = 0; i < count; ++i)
    text += "  - {alert: A" + std::to_string(i) + ", expr: up > " +
            std::to_string(i == changed ? i + 1 : i) + "}\n";
  return text;
}

}  // namespace

TEST_CASE("copies that were just written are like their originals") {
  CHECK(differences({rule_file(kShop)}, clone_of({rule_file(kShop)})).empty());
  CHECK(compare({rule_file(kShop)}, {"clone.yml", clone_of({rule_file(kShop)})}, "cdp").copies ==
        2);
}

TEST_CASE("an original that was edited or deleted or is new is told with its place") {
  const std::string clone = clone_of({rule_file(kShop)});
  CHECK(differences({rule_file(replaced(kShop, "> 1", "> 2"))}, clone) ==
        All{"edited rules.yml:15:9: groups[0].rules[2]: \"Slow\" was edited since it was copied to "
            "clone.yml:23"});
  CHECK(differences({rule_file(kShop.substr(0, kShop.find("      - alert: Slow")))}, clone) ==
        All{"deleted clone.yml:23:9: groups[0].rules[1]: \"Slow\" has no original any more"});
  CHECK(differences({rule_file(kShop + "      - {alert: New, expr: up}\n")}, clone) ==
        All{"new rules.yml:19:9: groups[0].rules[3]: \"New\" has no copy"});
  CHECK(differences({rule_file(replaced(kShop, "Slow", "Slower"))}, clone).size() == 2);
}

TEST_CASE("every single edit of five hundred rules is told and no other") {
  const std::string clone = clone_of({rule_file(numbered(500, -1))});
  for (int changed = 0; changed < 500; ++changed) {
    const All all = differences({rule_file(numbered(500, changed))}, clone);
    REQUIRE(all.size() == 1);
    REQUIRE(all[0].find("edited rules.yml:" + std::to_string(changed + 4) + ":") == 0);
  }
}

TEST_CASE("rules of one name are told apart by their text") {
  const auto twins = [](const char* first, const char* second) {
    return std::string("groups:\n- name: a\n  rules:\n  - {alert: A, expr: ") + first +
           "}\n  - {alert: A, expr: " + second + "}\n";
  };
  const std::string clone = clone_of({rule_file(twins("up > 1", "up > 2"))});
  CHECK(differences({rule_file(twins("up > 2", "up > 1"))}, clone).empty());
  CHECK(differences({rule_file(twins("up > 2", "up > 3"))}, clone) ==
        All{"edited rules.yml:5:5: groups[0].rules[1]: \"A\" was edited since it was copied to "
            "clone.yml:9"});
}

TEST_CASE("a copy that lost its tag or its original is told") {
  const std::string clone = clone_of({rule_file(kShop)});
  CHECK(differences({rule_file(kShop)}, replaced(clone, "gameday: \"cdp\"", "gameday: other")) ==
        All{"tampered clone.yml:11:9: groups[0].rules[0]: \"CheckoutFails\" has not the label "
            "gameday=\"cdp\" but \"other\", so it is no drill of this set"});
  const All lost =
      differences({rule_file(kShop)}, replaced(clone, "gameday_original", "gameday_origin"));
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].find("has no annotation gameday_original") != std::string::npos);
}

TEST_CASE("selectors that were edited by hand are no difference") {
  const std::string clone = clone_of({rule_file(kShop)});
  CHECK(differences({rule_file(kShop)}, replaced(clone, "latency\n            >",
                                                 "latency{environment=\"staging\"}\n            >"))
            .empty());
}
