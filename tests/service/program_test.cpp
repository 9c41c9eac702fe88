#include "router/program.hpp"

#include "router/core/clock.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace std::chrono_literals;

namespace {

// Far too long for any machine.
constexpr Duration kPatience = 60s;

Result<Ran> run_script(const std::string& script, Duration limit = kPatience) {
  return run_program({"sh", "-c", script}, limit);
}

}  // namespace

TEST_CASE("a program's answer is what it says and its exit code") {
  const auto ran = run_script("printf out; printf err >&2; exit 3");
  REQUIRE(ran);
  CHECK((ran->exit_code == 3 && ran->out == "out" && ran->err == "err"));
  CHECK(run_script("kill -9 $$")->exit_code == 128 + 9);
}

TEST_CASE("arguments reach a program as they are and its input is empty") {
  const auto ran = run_program({"printf", "%s|", "a b", "$HOME", "`id`", "'\"", ""}, kPatience);
  REQUIRE(ran);
  CHECK(ran->out == "a b|$HOME|`id`|'\"||");
  CHECK(run_program({"cat"}, kPatience)->out.empty());
}

TEST_CASE("a program that is not there is told and so are arguments that cannot be") {
  const auto none = run_program({"no-such-program-anywhere"}, kPatience);
  REQUIRE_FALSE(none);
  CHECK(none.error().kind == ErrorKind::not_found);
  const auto directory = run_program({"/"}, kPatience);
  REQUIRE_FALSE(directory);
  CHECK(directory.error().kind == ErrorKind::not_found);
  const auto large = run_program({"printf", std::string(1 << 20, 'x')}, kPatience);
  REQUIRE_FALSE(large);
  CHECK(large.error().kind == ErrorKind::invalid);
  const auto cut = run_program({"printf", std::string("a\0b", 3)}, kPatience);
  REQUIRE_FALSE(cut);
  CHECK(cut.error().kind == ErrorKind::invalid);
}

TEST_CASE("a program that does not end is killed with what it started") {
  for (const char* script : {"sleep 600", "sleep 600 & wait", "exec >&- 2>&-; sleep 600"}) {
    INFO(script);
    const SystemClock clock;
    const Instant begin = clock.now();
    const auto ran = run_script(script, 200ms);
    REQUIRE_FALSE(ran);
    CHECK(ran.error().message.find("did not end in") != std::string::npos);
    CHECK(elapsed_between(begin, clock.now(), 1h) < kPatience);
  }
}

TEST_CASE("a program that says too much is killed and much is taken whole") {
  CHECK(run_script("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2")->out.size() ==
        3'000'000);
  const auto endless = run_script("cat /dev/zero");
  REQUIRE_FALSE(endless);
  CHECK(endless.error().message.find("more than 4 MiB") != std::string::npos);
}
