// The table of a provider's troubles in connectors/README.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "router/core/message.hpp"

namespace tocsin::troubles {

/// The names of its rows, in their order.
std::vector<std::string> documented_troubles();
/// What every channel says, by this row: "accepted", "retry later" or "rejected"; empty: there is
/// no such row.
std::string documented_outcome(std::string_view trouble);
/// An outcome as the table has it.
std::string documented_word(AttemptOutcome outcome);

}  // namespace tocsin::troubles
