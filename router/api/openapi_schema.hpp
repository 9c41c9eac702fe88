// From the few words for a type (openapi.hpp) to JSON Schema. Pure.
#pragma once

#include <string>
#include <string_view>

#include "router/api/openapi.hpp"
#include "router/core/result.hpp"

namespace tocsin::api {

/// As JSON. Errors: invalid, when it is no such type.
Result<std::string> schema_of_type(std::string_view type);

/// The shape as a schema of the document's components, as JSON. Errors: as above.
Result<std::string> schema_of_shape(const ApiShape& shape);

/// The name without its '?', and whether it may be left out.
struct FieldName {
  std::string_view name;
  bool optional = false;
};
FieldName name_of(const ApiField& field);

}  // namespace tocsin::api
