#include "router/core/listing_order.hpp"

#include "router/core/checksum.hpp"
#include "tests/catch.hpp"

namespace tocsin {

TEST_CASE("incidents are listed by when they opened and then by their id") {
  const auto at = [](std::int64_t microseconds) { return WallTime(Duration(microseconds)); };
  CHECK(listing_order(at(1'795'312'363'604'000), {"7c1m"}) == "00001795312363604000.7c1m");
  CHECK(listing_order(at(10), {"a"}) > listing_order(at(9), {"z"}));
  CHECK(listing_order(at(10), {"b"}) > listing_order(at(10), {"a"}));
  CHECK(listing_order(at(-5), {"a"}) == listing_order(at(0), {"a"}));
  CHECK(listing_order_since(at(10)) < listing_order(at(10), {"0"}));
  CHECK(listing_order_since(at(10)) > listing_order(at(9), {"zzzz"}));
}

TEST_CASE("only what a page gave is taken for a cursor") {
  CHECK(is_listing_order("00001795312363604000.7c1m9xk2r0v4h8qa"));
  CHECK(is_listing_order("00001795312363604000."));
  for (const char* wrong :
       {"", "7c1m", "00001795312363604000", "0000179531236360400.7c1m", "0000179531236360400x.7c1m",
        "00001795312363604000.7C1M", "00001795312363604000.' OR 1", "00001795312363604000-7c1m"})
    CHECK_FALSE(is_listing_order(wrong));
  CHECK_FALSE(is_listing_order("00001795312363604000." + std::string(65, 'a')));
}

TEST_CASE("a checksum is CRC-32C and can be made in parts") {
  CHECK(crc32c("123456789") == 0xe3069283U);
  CHECK(crc32c("") == 0);
  CHECK(crc32c("456789", crc32c("123")) == crc32c("123456789"));
}

}  // namespace tocsin
