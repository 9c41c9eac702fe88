#include "router/core/rate.hpp"

#include <limits>

#include "tests/catch.hpp"

using namespace tocsin;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr Rate kTenASecond{10, seconds(1)};
constexpr Duration kStart = std::chrono::hours(5);

}  // namespace

TEST_CASE("a rate is written as so many in a second or a minute") {
  CHECK(parse_rate("5000/s").value() == Rate{5000, seconds(1)});
  CHECK(parse_rate("1/m").value() == Rate{1, minutes(1)});
  for (const char* const text : {"5000/s", "300/m", "1000000/s"})
    CHECK(format_rate(parse_rate(text).value()) == text);
  for (const char* const text : {"", "/s", "5", "5/", "5/h", "05/s", "-5/s", "5.5/s", "5/s ",
                                 " 5/s", "1000001/s", "99999999999/s"}) {
    INFO(text);
    CHECK_FALSE(parse_rate(text));
  }
}

TEST_CASE("what one period brings may come at once and the rest waits for its turn") {
  Spent spent;
  for (int i = 0; i < 10; ++i) {
    CHECK(wait_for(spent, kTenASecond, kStart) == Duration::zero());
    spent = spend(spent, kTenASecond, kStart, 1);
  }
  const Duration wait = wait_for(spent, kTenASecond, kStart);
  CHECK((wait > Duration::zero() && wait <= Duration(1)));
  spent = spend(spent, kTenASecond, kStart + wait, 1);
  const Duration next = wait_for(spent, kTenASecond, kStart + wait);
  CHECK((next > std::chrono::milliseconds(99) && next <= std::chrono::milliseconds(101)));
  CHECK(wait_for(spent, kTenASecond, kStart + wait + next) == Duration::zero());
}

TEST_CASE("whoever finds room is let in whole and pays by waiting") {
  const Spent spent = spend({}, kTenASecond, kStart, 100);
  const Duration wait = wait_for(spent, kTenASecond, kStart);
  CHECK((wait > seconds(9) - Duration(1) && wait <= seconds(9) + Duration(1)));
  CHECK(wait_for(spent, kTenASecond, kStart + wait) == Duration::zero());
}

TEST_CASE("nobody waits for longer than a minute whatever it brought") {
  for (const Rate& rate : {kTenASecond, Rate{1, minutes(1)}, Rate{kMostRateCount, seconds(1)}}) {
    const Spent spent = spend({}, rate, kStart, std::numeric_limits<std::size_t>::max());
    const Duration wait = wait_for(spent, rate, kStart);
    CHECK((wait > kMostRateWait - Duration(1) && wait <= kMostRateWait + Duration(1)));
  }
}

TEST_CASE("in the long run no more comes in than the rate says") {
  for (const std::size_t request : {1u, 7u, 64u}) {
    Spent spent;
    std::size_t taken = 0;
    for (Duration now = kStart; now < kStart + minutes(10); now += std::chrono::milliseconds(3)) {
      if (wait_for(spent, kTenASecond, now) > Duration::zero()) continue;
      spent = spend(spent, kTenASecond, now, request);
      taken += request;
    }
    INFO(request << " alerts a request");
    CHECK((taken > 5'900 && taken <= 6'000 + 10 + request));
  }
}

TEST_CASE("a time that is a little earlier than the last one gives nothing and takes nothing") {
  const Spent spent = spend({}, kTenASecond, kStart, 20);
  const Spent same = spend(spent, kTenASecond, kStart - seconds(3), 0);
  CHECK((same.owed == spent.owed && same.at == spent.at));
  CHECK(wait_for(spent, kTenASecond, kStart - seconds(3)) == wait_for(spent, kTenASecond, kStart));
}
