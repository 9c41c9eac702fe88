// Golden files: bytes that every later version must write and read, as text that a diff can show.
//
// With TOCSIN_WRITE_GOLDEN=1 in the environment the files are written; look at the difference
// before committing it.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::testing {

/// The form of `hexdump -C`: offset, sixteen bytes in hexadecimal, and what of it is text.
std::string hex_dump(std::string_view bytes);

/// A Catch2 check that tests/journal/golden/NAME.hex holds these bytes, or the writing of it.
void check_golden(const std::string& name, std::string_view bytes);

/// The bytes of a golden file.
std::string golden_bytes(const std::string& name);

}  // namespace tocsin::testing
