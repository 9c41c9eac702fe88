// The name of a ZMON alert with its values. Pure.
#pragma once

#include <string>
#include <string_view>

#include "connectors/sources/payload.hpp"

namespace tocsin::connectors::sources {

/// "Low orders: {percentage:.1f}%" with what was captured, and the entity's id for {entity} and
/// {entities}. What is not known stays as it is written.
std::string zmon_name(std::string_view name, const Json& captures, const Json& entity);

}  // namespace tocsin::connectors::sources
