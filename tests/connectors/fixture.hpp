// Recorded payloads of senders, under tests/connectors/fixtures/.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include "router/core/result.hpp"
#include "tests/source_dir.hpp"

namespace tocsin::testing {

inline std::string fixture(const std::string& name) {
  std::ifstream file(tocsin::tests::source_dir() + "/tests/connectors/fixtures/" + name,
                     std::ios::binary);
  TOCSIN_CHECK(file.good(), "a test names a fixture that is there");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace tocsin::testing
