// The store under test in the contract suite, and what it needs to live. Each test program that
// runs the suite brings its own each_store().
#pragma once

#include <any>
#include <functional>
#include <memory>
#include <string>

#include "router/store/store.hpp"

namespace tocsin::store::testing {

struct Subject {
  std::string name;
  std::any surroundings;  // outlives the store
  std::unique_ptr<Store> store;
  std::function<void()> empty;  // behind its back: all of it is gone
};

/// One after the other, by Catch's GENERATE; each is empty.
Subject each_store();

}  // namespace tocsin::store::testing
