// A look at all of a table while it changes.
#include "router/engine/table.hpp"

#include "router/core/ids.hpp"
#include "tests/catch.hpp"

using namespace tocsin;
using namespace tocsin::engine;

namespace {

using Numbers = Table<AlertId, int>;

Numbers numbers(int count) {
  Numbers table;
  for (int i = 0; i < count; ++i) table.insert_or_assign({std::to_string(i)}, i);
  return table;
}

std::vector<int> rest_of(Numbers::Look& look) {
  std::vector<int> all;
  while (const int* const next = look.next()) all.push_back(*next);
  return all;
}

}  // namespace

TEST_CASE("a look sees a table as it was whatever is changed or added or erased meanwhile") {
  Numbers table = numbers(8);
  Numbers::Look look(table);
  *table.edit({"3"}) = 33;  // before it is sorted
  look.sort();
  CHECK(*look.next() == 0);
  CHECK(*look.next() == 1);
  *table.edit({"0"}) = 100;  // which came by already
  *table.edit({"5"}) = 55;
  *table.edit({"5"}) = 555;
  table.erase({"6"});
  table.insert_or_assign({"6"}, 66);
  table.insert_or_assign({"7"}, 77);
  table.insert_or_assign({"4a"}, 44);
  CHECK_FALSE(look.is_whole());
  CHECK(rest_of(look) == std::vector<int>{2, 3, 4, 5, 6, 7});
  CHECK(look.is_whole());
  CHECK((table.at({"0"}) == 100 && table.at({"3"}) == 33 && table.at({"5"}) == 555));
  CHECK((table.at({"6"}) == 66 && table.at({"7"}) == 77 && table.size() == 9));
}

TEST_CASE("a look at a table that goes away ends and says that it was not all") {
  Numbers table = numbers(3);
  Numbers::Look assigned(table);
  assigned.sort();
  CHECK(*assigned.next() == 0);
  table = numbers(5);
  CHECK(assigned.next() == nullptr);
  CHECK_FALSE(assigned.is_whole());
  Numbers::Look moved(table);
  const Numbers other = std::move(table);
  CHECK(moved.next() == nullptr);
  CHECK_FALSE(moved.is_whole());
  CHECK(other.size() == 5);
}

TEST_CASE("what is changed while nobody looks is kept for nobody") {
  Numbers table = numbers(3);
  { const Numbers::Look look(table); }
  *table.edit({"1"}) = 11;
  Numbers::Look look(table);
  look.sort();
  CHECK(rest_of(look) == std::vector<int>{0, 11, 2});
}
