// A journal that says too early what it has: of mistakes that the suite must see. Never for use.
#pragma once

#include <memory>

#include "router/journal/journal.hpp"

namespace tocsin::faults {

enum class Mistake {
  none,                  // in its order, one append after the other, and right
  answers_before_write,  // alerts and commands are called durable, and written later
  sends_before_durable,  // turns can be read, and so their pages go out, before they are written
};

/// Around the embedded journal, whose positions are one sequence without gaps while nothing fails.
std::unique_ptr<journal::Journal> make_early_journal(std::unique_ptr<journal::Journal> inner,
                                                     Mistake mistake);

/// From the environment's TOCSIN_MISTAKE.
Mistake mistake_of_this_process();

}  // namespace tocsin::faults
