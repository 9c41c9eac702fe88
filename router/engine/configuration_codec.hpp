// A configuration as deciding sees it, as bytes: kept in the journal, so that a decision can be
// explained by what was in force when it was made. It holds no secret and no contact.
//
// People and rotas are not in it: deciding does not depend on them. A rota is asked when a step
// begins, and whom it named stands in that turn; so an override or a leave makes no new
// configuration.
#pragma once

#include <string>
#include <string_view>

#include "router/engine/configuration.hpp"

namespace tocsin::engine {

std::string encode(const Configuration& configuration);
/// Without people, channels and rotas. Errors: corrupt, also for what only a later version can
/// read.
Result<Configuration> decode_configuration(std::string_view bytes);

/// Names it: of its bytes, so that what decides alike is called alike.
std::string hash_of(const Configuration& configuration);

}  // namespace tocsin::engine
