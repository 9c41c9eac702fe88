#include "router/gameday/clone/selectors.hpp"

#include "tests/catch.hpp"

using tocsin::gameday::selectors;
using All = std::vector<std::string>;

TEST_CASE("the selectors of an expression are found and nothing else") {
  const std::vector<std::pair<std::string, All>> table{
      {"up == 0", {"up"}},
      {R"(up{job="api"} == 0)", {R"(up{job="api"})"}},
      {R"(up {job="a}b", x='}'} or up)", {R"(up {job="a}b", x='}'})", "up"}},
      {R"({__name__=~"a.*"})", {R"({__name__=~"a.*"})"}},
      {"rate(http_requests_total[5m]) > 0.5", {"http_requests_total"}},
      {"sum by (job, up) (rate(a:b:c[1h30m] offset 5m)) / on (x) group_left (y) b > bool 1e3",
       {"a:b:c", "b"}},
      {"sum(x) without (y) > 0x1F", {"x"}},
      {"SUM BY(job)(a) AND b UNLESS ON(z) c", {"a", "b", "c"}},
      {"max_over_time(a[5m:1m] @ start()) > Inf or b != NaN", {"a", "b"}},
      {"label_replace(a, \"dst\", \"$1\", \"src\", `b{c}`) # d{e=\"f\"}\n> 1", {"a"}},
      {"vector(1)", {}},
      {"time() - a > 5", {"a"}},
      {"a + a + a{}", {"a", "a{}"}},
      {"by > 1", {}},
  };
  for (const auto& [expr, expected] : table) {
    INFO(expr);
    CHECK(selectors(expr) == expected);
  }
}

TEST_CASE("what is no expression ends the search and not the program") {
  for (const char* expr :
       {"", "{", "a{\"", "a{'\\", "\"", "`", "[", "sum by (", "#", "a{b=\"c\\\"}"})
    selectors(expr);
  CHECK(selectors("a{b=\"") == All{"a{b=\""});
  CHECK(selectors(std::string(200'000, '{')).size() == 1);
}
