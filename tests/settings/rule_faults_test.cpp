#include "tests/settings/world.hpp"

using namespace tocsin;
using namespace tocsin::settings;

TEST_CASE("a rule is named once and either pages or suppresses") {
  check_faults({
      {"rules: [{page: base}]",
       {"tocsin.yaml:1:9: rules[0].name: missing; pages and explanations refer to it"}},
      {"rules: [{name: a, page: bas}]",
       {R"(tocsin.yaml:1:25: rules[0].page: no policy is called "bas"; did you mean "base"?)"}},
      {"rules: [{name: a, page: base}, {name: a, page: base}]",
       {R"(tocsin.yaml:1:39: rules[1].name: another rule is called "a" in tocsin.yaml:1; rename one of the two)"}},
      {"rules: [{name: a, page: base, suppress: nobody needs to know}]",
       {R"(tocsin.yaml:1:41: rules[0].suppress: page stands in this rule as well; keep one of the two)"}},
      {R"(rules: [{name: a, suppress: ""}])",
       {"tocsin.yaml:1:29: rules[0].suppress: empty; write a text"}},
      {"rules: [{name: a, severity: fatal}]",
       {R"(tocsin.yaml:1:29: rules[0].severity: "fatal" is no severity; choose critical, error, warning or info)"}},
      {"rules: [{name: a, impact: [b]}]",
       {"tocsin.yaml:1:27: rules[0].impact: found a list; wanted text"}},
      {R"(rules: [{name: a, mathcers: ['service="api"']}])",
       {R"(tocsin.yaml:1:19: rules[0].mathcers: unknown key; did you mean "matchers"?)"}},
  });
}

TEST_CASE("a matcher that is wrong is told at the byte that is wrong") {
  check_faults({
      {R"(rules: [{name: a, matchers: 'service="api"'}])",
       {"tocsin.yaml:1:29: rules[0].matchers: found text; wanted a list"}},
      {"rules: [{name: a, matchers: }]",
       {"tocsin.yaml:1:19: rules[0].matchers: found nothing; wanted a list"}},
      {R"(rules: [{name: a, matchers: ['service="api']}])",
       {R"(tocsin.yaml:1:43: rules[0].matchers[0]: the quote opened at character 9 is not closed; end it with ")"}},
      {R"(rules: [{name: a, matchers: ['service=="api"']}])",
       {"tocsin.yaml:1:38: rules[0].matchers[0]: == is no operator; write = for equal"}},
      {R"(rules: [{name: a, matchers: ['größe=="api"']}])",
       {"tocsin.yaml:1:38: rules[0].matchers[0]: == is no operator; write = for equal"}},
      {R"(rules: [{name: a, matchers: ["service==\"api\""]}])",
       {R"(tocsin.yaml:1:30: rules[0].matchers[0]: at character 8: == is no operator; write = for equal)"}},
      {R"(rules: [{name: a, matchers: ['service=~"(api"']}])",
       {R"(tocsin.yaml:1:40: rules[0].matchers[0]: "(api" is no regular expression (missing ): (api); RE2's syntax is described at https://github.com/google/re2/wiki/Syntax)"}},
      {R"(rules: [{name: a, matchers: [service=~"a,b"]}])",
       {R"(tocsin.yaml:1:41: rules[0].matchers[0]: the quote opened at character 10 is not closed; end it with "; quote the whole matcher: 'service="api"')",
        R"(tocsin.yaml:1:43: rules[0].matchers[1]: an operator is expected: one of = != =~ !~; a name with blanks goes in quotes; quote the whole matcher: 'service="api"')"}},
      {R"(rules: [{name: a, matchers: ['service=="${WORD}"']}])",
       {R"(tocsin.yaml:1:30: rules[0].matchers[0]: not a matcher once its variables are filled in; write e.g. 'service="api"')"}},
  });
}
