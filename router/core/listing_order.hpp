// The order in which incidents are listed, as text: newest opened first, the id between equals, so
// that pages neither repeat nor miss one. It is also the cursor of a page. Pure.
//
//   20 digits of microseconds since 1970, a dot, the id:  00001795312363604000.7c1m9xk2r0v4h8qa
//
// A smaller text is later in the list. Lists from memory and from the store can be merged by it.
#pragma once

#include <string>
#include <string_view>

#include "router/core/ids.hpp"
#include "router/core/time.hpp"

namespace tocsin {

std::string listing_order(WallTime opened_at, const IncidentId& id);
/// Not larger than that of any incident opened at `since` or later, larger than of all before.
std::string listing_order_since(WallTime since);
/// Whether a text from outside can be one: a cursor is what somebody sends us.
bool is_listing_order(std::string_view text);

}  // namespace tocsin
