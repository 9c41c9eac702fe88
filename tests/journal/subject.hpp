// The journal under test in the contract suite, and what it needs to live. Each test program that
// runs the suite brings its own each_journal().
#pragma once

#include <any>
#include <memory>
#include <string>

#include "router/journal/journal.hpp"

namespace tocsin::journal::testing {

struct Subject {
  std::string name;
  std::any surroundings;  // outlives the journal
  std::unique_ptr<Journal> journal;
};

/// One after the other, by Catch's GENERATE; each is empty and has four partitions.
Subject each_journal();

}  // namespace tocsin::journal::testing
